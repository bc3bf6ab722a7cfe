// How a gRPC call ended, from its trailer: the status with message and details, Kitex's business errors, and, where something before the
// server answered in plain HTTP, the status that stands for it. Sources: gRPC "PROTOCOL-HTTP2.md" (Responses), Kitex
// pkg/remote/trans/nphttp2/codes.go and its business error trailers.

import { type ErrorData, fail, type Text } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { errorCodeOf, grpcCode, statusName, statusOfHttp } from './status-codes.ts'
import { statusJson } from './status-details.ts'

export interface StatusFacts {
  readonly httpStatus?: number
  /** `Service/Method`, for the hints. */
  readonly method: string
}

/** A status as it came by whatever protocol; `details`: ProtoJSON text of google.rpc.Status. */
export interface Status {
  readonly code: number
  readonly message: string
  readonly details?: string
}

/** What the trailer says went wrong; undefined: status 0. A trailer without a status never counts as success. */
export function faultOf(trailer: readonly Pair[], facts: StatusFacts): ErrorData | undefined {
  const written = valueOf(trailer, 'grpc-status')
  if (written === undefined) return withoutStatus(facts)
  if (!/^\d{1,9}$/.test(written)) return fail('protocol', 'remote', 'grpc.statusMalformed', { value: written.slice(0, 80) }).data
  const code = Number(written)
  if (code === grpcCode.ok) return undefined
  const message = percentDecoded(valueOf(trailer, 'grpc-message') ?? '')
  return bizFault(trailer, message) ?? statusFault({ code, message, ...detailsOf(trailer) }, facts.method)
}

/** A status that is no success as our error. */
export function statusFault({ code, message, details }: Status, method: string): ErrorData {
  const name = statusName(code)
  const hint = hintOf(code, message, method)
  const text = message === '' ? 'grpc.statusBare' : 'grpc.status'
  const exception = { type: name, typeId: code, ...(details === undefined ? {} : { json: details }) }
  return fail(errorCodeOf(code), 'remote', text, { code, name, message }, { exception, ...(hint === undefined ? {} : { hint }) }).data
}

/** `grpc-message` is UTF-8 with everything but printable ASCII percent-encoded; what is no such escape stays as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  const bytes: Buffer[] = []
  for (const part of text.split(/(%[0-9A-Fa-f]{2})/)) bytes.push(/^%[0-9A-Fa-f]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))
  return Buffer.concat(bytes).toString('utf8')
}

/** The last of a name, as grpc-go reads it. */
const valueOf = (pairs: readonly Pair[], name: string): string | undefined => pairs.findLast(([key]) => key === name)?.[1]

function detailsOf(trailer: readonly Pair[]): { readonly details?: string } {
  const written = valueOf(trailer, 'grpc-status-details-bin')
  return written === undefined ? {} : { details: statusJson(Buffer.from(written, 'base64')) }
}

/** Kitex sends status 13 with `biz-status`, and the message in grpc-message. */
function bizFault(trailer: readonly Pair[], message: string): ErrorData | undefined {
  const written = valueOf(trailer, 'biz-status')
  if (written === undefined || written === '0' || !/^-?\d{1,10}$/.test(written)) return undefined
  const biz = { status: Number(written), message: valueOf(trailer, 'biz-message') ?? message, extra: extraOf(valueOf(trailer, 'biz-extra')) }
  return fail('biz', 'remote', 'chain.bizError', { status: biz.status, message: biz.message }, { biz }).data
}

/** A JSON object of strings; what is none is kept as it came. */
function extraOf(written: string | undefined): Readonly<Record<string, string>> {
  if (written === undefined || written === '') return {}
  const value = parsed(written)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { 'biz-extra': written }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function withoutStatus({ httpStatus, method }: StatusFacts): ErrorData {
  if (httpStatus === undefined || httpStatus === 200) return fail('protocol', 'remote', 'grpc.statusMissing', {}, { hint: { key: 'grpc.statusMissingHint' } }).data
  const code = statusOfHttp(httpStatus)
  const { hint } = statusFault({ code, message: '' }, method)
  const exception = { type: statusName(code), typeId: code }
  return fail(errorCodeOf(code), 'remote', 'grpc.httpStatus', { httpStatus, code, name: statusName(code) }, { exception, hint: hint ?? { key: 'grpc.httpStatusHint' } }).data
}

/** In order; the first whose code and words fit speaks. */
const hints: readonly { readonly code: number; readonly said?: RegExp; readonly key: string }[] = [
  { code: grpcCode.cancelled, said: /^unknown method /, key: 'grpc.hint.kitexUnknownMethod' },
  { code: grpcCode.kitexUnknownService, key: 'grpc.hint.kitexUnknownService' },
  { code: grpcCode.internal, said: /no kitex compressor registered/, key: 'grpc.hint.kitexCompressor' },
  { code: grpcCode.internal, said: /kitex compression algorithm not found/, key: 'grpc.hint.compression' },
  // What a Kitex handler returns when its context ended; Kitex makes it a plain error.
  { code: grpcCode.internal, said: /^context deadline exceeded/, key: 'grpc.hint.deadline' },
  { code: grpcCode.internal, said: /unmarshal/, key: 'grpc.hint.codec' },
  { code: grpcCode.unimplemented, said: /compress/i, key: 'grpc.hint.compression' },
  { code: grpcCode.unimplemented, key: 'grpc.hint.unimplemented' },
  { code: grpcCode.unauthenticated, key: 'grpc.hint.unauthenticated' },
  { code: grpcCode.permissionDenied, key: 'grpc.hint.permissionDenied' },
  { code: grpcCode.resourceExhausted, said: /larger than max/, key: 'grpc.hint.messageTooLarge' },
  { code: grpcCode.deadlineExceeded, key: 'grpc.hint.deadline' },
  { code: grpcCode.unavailable, key: 'grpc.hint.unavailable' },
]

function hintOf(code: number, message: string, method: string): Text | undefined {
  const found = hints.find((one) => one.code === code && (one.said === undefined || one.said.test(message)))
  return found === undefined ? undefined : { key: found.key, params: { method } }
}
