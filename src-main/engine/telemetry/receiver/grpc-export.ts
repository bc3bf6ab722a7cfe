// OTLP over gRPC: unary Export of the three collector services on one HTTP/2 stream. The framing is ours: five bytes before the
// message (compressed or not, length), headers, and the outcome in trailers; a refusal is headers only ("Trailers-Only").

import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { Readable } from 'node:stream'
import { exportResponse } from '../otlp/answers.ts'
import type { Ingest, Signal } from './ingest.ts'
import { BodyError, readBody, type BodyLimits, type BodyProblem } from './read-body.ts'

const methods: Readonly<Record<string, Signal>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': 'metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
}
const prefixBytes = 5
const status = { ok: 0, invalidArgument: 3, deadlineExceeded: 4, resourceExhausted: 8, unimplemented: 12, unavailable: 14 } as const
type GrpcStatus = (typeof status)[keyof typeof status]

const statusOf: Readonly<Record<BodyProblem, GrpcStatus>> = {
  busy: status.unavailable, 'too-large': status.resourceExhausted, 'unknown-encoding': status.unimplemented, undecodable: status.invalidArgument, timeout: status.deadlineExceeded, aborted: status.invalidArgument,
}

/** Whether this stream speaks gRPC at all; anything else on HTTP/2 is OTLP over HTTP. */
export const isGrpc = (headers: IncomingHttpHeaders): boolean => /^application\/grpc(\+proto)?(;|$)/.test(headers['content-type'] ?? '')

/** Answers one stream; never throws. */
export async function grpcExport(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ingest: Ingest, limits: BodyLimits): Promise<void> {
  const path = String(headers[':path'] ?? '')
  const signal = methods[path]
  if (signal === undefined) return refuse(stream, status.unimplemented, `unknown method ${path.slice(0, 200)}`)
  try {
    const framed = await readBody(stream, 'identity', { ...limits, maxBytes: limits.maxBytes + prefixBytes })
    const message = await unframe(framed, String(headers['grpc-encoding'] ?? 'identity'), limits)
    const taken = ingest.take(signal, 'protobuf', message)
    if (taken.ok) reply(stream, exportResponse('protobuf', taken.rejected, taken.because))
    else refuse(stream, status.invalidArgument, taken.message)
  } catch (caught) {
    const problem = caught instanceof BodyError ? caught : new BodyError('undecodable', String(caught))
    refuse(stream, statusOf[problem.problem], problem.message)
  }
}

async function unframe(framed: Buffer, encoding: string, limits: BodyLimits): Promise<Buffer> {
  if (framed.length < prefixBytes) throw new BodyError('undecodable', 'a unary request holds one message, but none came')
  const length = framed.readUInt32BE(1)
  if (length !== framed.length - prefixBytes) throw new BodyError('undecodable', `the message's prefix says ${length} bytes, ${framed.length - prefixBytes} came`)
  const message = framed.subarray(prefixBytes)
  if (framed[0] === 0) return message
  if (framed[0] !== 1) throw new BodyError('undecodable', `compressed flag ${framed[0]}`)
  if (encoding !== 'gzip') throw new BodyError('unknown-encoding', `grpc-encoding ${encoding} is not accepted: send gzip or identity`)
  return readBody(Readable.from([message], { objectMode: false }), 'gzip', limits)
}

const replyHeaders = { ':status': 200, 'content-type': 'application/grpc+proto', 'grpc-accept-encoding': 'gzip,identity' }

function reply(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.destroyed || stream.closed) return
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32BE(message.length, 1)
  stream.respond(replyHeaders, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': '' }))
  stream.end(Buffer.concat([prefix, message]))
}

function refuse(stream: ServerHttp2Stream, code: GrpcStatus, message: string): void {
  if (stream.destroyed || stream.closed) return
  stream.respond({ ...replyHeaders, 'grpc-status': String(code), 'grpc-message': percentEncode(message) }, { endStream: true })
  // The client may still be sending what nobody will read.
  stream.close(constants.NGHTTP2_NO_ERROR)
}

/** gRPC's Percent-Encoded: printable ASCII but `%` stands for itself. */
function percentEncode(message: string): string {
  return [...Buffer.from(message.slice(0, 1000), 'utf8')].map((byte) => (byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('')
}
