// What must be true of a reply before its messages are read as gRPC, how a reset is read, and which fields are the user's to see.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { errorCode } from '../http2/constants.ts'
import type { CallRoute } from '../transport.ts'
import { decodeMetadata } from './metadata.ts'
import { faultOf, statusFault } from './status.ts'
import { grpcCode, statusName } from './status-codes.ts'

/** The first field of a name. */
export const fieldOf = (fields: readonly Pair[], name: string): string | undefined => fields.find(([key]) => key === name)?.[1]

/** Why these headers are not the beginning of a gRPC reply: an HTTP status, or another kind of body. */
export function refusalOf(headers: readonly Pair[], method: string): ErrorData | undefined {
  const type = fieldOf(headers, 'content-type') ?? ''
  if (type.startsWith('application/grpc')) return undefined
  const httpStatus = Number(fieldOf(headers, ':status') ?? '')
  if (httpStatus !== 200) return faultOf(headers, { httpStatus, method })
  return fail('protocol', 'remote', 'http2.grpcNotGrpc', { contentType: type, method }, { hint: { key: 'http2.grpcNotGrpcHint' } }).data
}

/** How the call ended, by its trailers; `headers` are the reply's own where trailers are not all there is. */
export function endOf(trailer: readonly Pair[], headers: readonly Pair[], method: string): ErrorData | undefined {
  const status = fieldOf(headers, ':status')
  return faultOf(trailer, { method, ...(status === undefined ? {} : { httpStatus: Number(status) }) })
}

/** The fields as pairs of ours, without those that only HTTP/2 needs. */
export function pairsOf(fields: readonly Pair[]): readonly Pair[] {
  const from = fields.findIndex(([name]) => !name.startsWith(':'))
  return decodeMetadata(from === 0 ? fields : from < 0 ? [] : fields.slice(from))
}

/**
 * A server whose deadline fires may reset the stream before its status leaves; grpc-go's own client reads CANCEL after the deadline as what it
 * means (internal/transport/http2_client.go). Undefined: it was something else.
 */
export function lateFault(code: number, startedAt: number, { timeoutMs, service, method }: CallRoute): ErrorData | undefined {
  if (code !== errorCode.cancel || timeoutMs <= 0 || performance.now() - startedAt < timeoutMs) return undefined
  return statusFault({ code: grpcCode.deadlineExceeded, message: '' }, `${service}/${method}`)
}

/** The status that an HTTP/2 error code stands for (gRPC "PROTOCOL-HTTP2.md", Errors). */
export function statusOfReset(code: number): { readonly name: string; readonly code: number } {
  const status = resetStatus[code] ?? grpcCode.internal
  return { name: statusName(status), code: status }
}

const resetStatus: Readonly<Record<number, number>> = {
  [errorCode.refusedStream]: grpcCode.unavailable,
  [errorCode.cancel]: grpcCode.cancelled,
  [errorCode.enhanceYourCalm]: grpcCode.resourceExhausted,
  [errorCode.inadequateSecurity]: grpcCode.permissionDenied,
}
