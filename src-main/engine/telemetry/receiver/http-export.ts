// OTLP over HTTP (traces.md 4.1): which requests are taken, and what every other one is told. An answer speaks the encoding of its
// request, an error's too, except where the request's type is what is wrong.

import { exportResponse, statusBody, type Encoding } from '../otlp/answers.ts'
import type { Exchange } from './exchange.ts'
import { corsHeaders, isLocalHost, isLocalOrigin, preflightHeaders } from './guard.ts'
import type { Ingest, Signal } from './ingest.ts'
import { BodyError, parseEncoding, readBody, type BodyLimits, type BodyProblem } from './read-body.ts'

const paths: Readonly<Record<string, Signal>> = { '/v1/traces': 'traces', '/v1/metrics': 'metrics', '/v1/logs': 'logs' }
const types: Readonly<Record<string, Encoding>> = { 'application/x-protobuf': 'protobuf', 'application/protobuf': 'protobuf', 'application/json': 'json' }
const mime: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' }

/** google.rpc.Code for each HTTP status used here. */
const codes: Readonly<Record<number, number>> = { 400: 3, 403: 7, 404: 5, 405: 12, 408: 4, 413: 8, 415: 3, 503: 14 }

const statusOf: Readonly<Record<BodyProblem, number>> = { busy: 503, 'too-large': 413, 'unknown-encoding': 415, undecodable: 400, timeout: 408, aborted: 400 }

export interface HttpExportOptions {
  readonly ingest: Ingest
  readonly limits: BodyLimits
  /** A path that is none of OTLP's. */
  onWrongPath(exchange: Exchange): void
}

/** Answers one request; never throws. */
export async function httpExport(exchange: Exchange, options: HttpExportOptions): Promise<void> {
  const origin = exchange.header('origin')
  const encoding = types[mediaType(exchange)]
  const refuse = (status: number, message: string, more: Readonly<Record<string, string>> = {}): void => {
    const as = encoding ?? 'json'
    exchange.answer(status, { 'content-type': mime[as], ...corsHeaders(origin), ...more }, statusBody(as, codes[status] ?? 2, message))
  }
  if (!isLocalHost(exchange.header('host'))) return refuse(403, 'this receiver answers to this machine only: use 127.0.0.1 or localhost as the host')
  if (origin !== undefined && !isLocalOrigin(origin)) return refuse(403, `pages of ${origin} may not send here`)
  const signal = paths[exchange.path]
  if (signal === undefined) {
    options.onWrongPath(exchange)
    return refuse(404, `nothing is served at ${exchange.path.slice(0, 200)}: OTLP over HTTP posts to /v1/traces, /v1/metrics and /v1/logs`)
  }
  if (exchange.method === 'OPTIONS' && origin !== undefined) return exchange.answer(204, preflightHeaders(origin, exchange.header('access-control-request-headers')), '')
  if (exchange.method !== 'POST') return refuse(405, `${exchange.method} is not served here: OTLP posts`, { allow: 'POST, OPTIONS' })
  if (encoding === undefined) return refuse(415, `content type ${mediaType(exchange) || '(none)'} is not accepted: send application/x-protobuf or application/json`)
  let body: Buffer
  try {
    body = await readBody(exchange.body, parseEncoding(exchange.header('content-encoding')), options.limits)
  } catch (caught) {
    const problem = caught instanceof BodyError ? caught : new BodyError('undecodable', String(caught))
    return refuse(statusOf[problem.problem], problem.message, problem.problem === 'busy' ? { 'retry-after': '1' } : {})
  }
  const taken = options.ingest.take(signal, encoding, body)
  if (!taken.ok) return refuse(400, taken.message)
  exchange.answer(200, { 'content-type': mime[encoding], ...corsHeaders(origin) }, exportResponse(encoding, taken.rejected, taken.because))
}

function mediaType(exchange: Exchange): string {
  return (exchange.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
