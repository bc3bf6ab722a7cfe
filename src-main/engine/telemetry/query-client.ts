// Reads traces from where they are: a running receiver (`kite receive`, or a window) over its side door, or a file. Commands need
// not know which.

import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { KiteError, fail } from '../../../shared/base/error.ts'
import type { Span, TraceFilterInput } from '../../../shared/model/trace.ts'
import { decodeTracesJson, encodeTracesJson } from './otlp/json-traces.ts'
import { queryPrefix, summaryJson, summaryJsonSchema, type SummaryJson } from './receiver/query.ts'
import { receiverAddress } from './receiver-address.ts'
import { MemoryTraceStore } from './store/memory-store.ts'
import { readTraceFile } from './trace-file.ts'

/** Spans that just came, or how many the reader was too slow for. */
export type TailItem = { readonly kind: 'spans'; readonly spans: readonly Span[] } | { readonly kind: 'dropped'; readonly count: number }

export interface TraceSource {
  list(filter: TraceFilterInput, signal: AbortSignal): Promise<readonly SummaryJson[]>
  /** By id or its beginning. Throws KiteError `usage` when none or several begin so. */
  get(prefix: string, signal: AbortSignal): Promise<readonly Span[]>
  /** Goes on until aborted. */
  tail(signal: AbortSignal): AsyncIterable<TailItem>
  /** Hands spans to the store. */
  add(spans: readonly Span[], signal: AbortSignal): Promise<void>
}

export type TraceSourceOptions = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'receiver'; /** Default: where this machine's receiver is expected. */ readonly address?: string }

/** Throws KiteError `file` for a file that cannot be read; a receiver is asked only when it is used. */
export async function openTraceSource(options: TraceSourceOptions): Promise<TraceSource> {
  return options.kind === 'file' ? fileSource(options.path) : receiverSource(options.address ?? receiverAddress() ?? 'none')
}

const answerMs = 10_000
const maxAnswerBytes = 256 * 1024 * 1024
const addSpans = 2000

async function fileSource(path: string): Promise<TraceSource> {
  const { spans } = await readTraceFile(path)
  const store = new MemoryTraceStore({ maxSpans: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER })
  store.add(spans)
  return {
    list: async (filter) => (await store.list(filter)).map(summaryJson),
    get: async (prefix) => store.get(only(prefix, await store.find(prefix))),
    async *tail() { yield { kind: 'spans', spans } },
    add: async (more) => store.add(more),
  }
}

function only(prefix: string, found: readonly string[]): string {
  const [traceId] = found
  if (traceId === undefined) throw fail('usage', 'usage', 'telemetry.noSuchTrace', { id: prefix }, { hint: { key: 'telemetry.listTraces' } })
  if (found.length > 1) throw fail('usage', 'usage', 'telemetry.ambiguousTrace', { id: prefix, found })
  return traceId
}

function receiverSource(address: string): TraceSource {
  return {
    list: async (filter, signal) => {
      const { body } = await ask(address, `traces?${queryOf(filter)}`, signal)
      return parsed(address, listSchema, body).traces
    },
    get: async (prefix, signal) => {
      const { status, body } = await ask(address, `traces/${encodeURIComponent(prefix)}`, signal)
      if (status === 404) only(prefix, [])
      if (status === 409) only(prefix, parsed(address, severalSchema, body).traceIds)
      return decodeTracesJson(body).spans
    },
    tail: (signal) => tail(address, signal),
    add: async (spans, signal) => {
      for (let at = 0; at < spans.length; at += addSpans) await post(address, encodeTracesJson(spans.slice(at, at + addSpans)), signal)
    },
  }
}

const listSchema = z.object({ traces: z.array(summaryJsonSchema) })
const severalSchema = z.object({ traceIds: z.array(z.string()) })

/** Whatever listens there may say whatever it likes. */
function parsed<S extends z.ZodType>(address: string, schema: S, body: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(body))
  } catch (caught) {
    throw fail('get_connection', 'telemetry', 'telemetry.notAReceiver', { address, status: 200 }, { cause: KiteError.from(caught, 'telemetry').data })
  }
}

function queryOf(filter: TraceFilterInput): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) if (value !== undefined) query.set(key, String(value))
  return query.toString()
}

async function* tail(address: string, signal: AbortSignal): AsyncGenerator<TailItem> {
  const response = await open(address, `${queryPrefix}tail`, 'GET', undefined, signal)
  try {
    for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === '') continue
      const dropped = /^\{"dropped":(\d+)\}$/.exec(line)?.[1]
      yield dropped === undefined ? { kind: 'spans', spans: decodeTracesJson(line).spans } : { kind: 'dropped', count: Number(dropped) }
    }
  } catch (caught) {
    if (!signal.aborted) throw unreachable(address, caught)
  } finally {
    response.destroy()
  }
  if (!signal.aborted) throw fail('get_connection', 'telemetry', 'telemetry.receiverGone', { address })
}

async function ask(address: string, path: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: string }> {
  const response = await open(address, `${queryPrefix}${path}`, 'GET', undefined, signal)
  const body = await textOf(response, address)
  const status = response.statusCode ?? 0
  if (status !== 200 && status !== 404 && status !== 409) throw fail('get_connection', 'telemetry', 'telemetry.notAReceiver', { address, status })
  // A collector that is not ours answers 404 too, but not as ours does.
  if (status === 404 && !body.startsWith('{"error":')) throw fail('get_connection', 'telemetry', 'telemetry.notAReceiver', { address, status })
  return { status, body }
}

async function post(address: string, body: string, signal: AbortSignal): Promise<void> {
  const response = await open(address, '/v1/traces', 'POST', body, signal)
  const text = await textOf(response, address)
  if (response.statusCode !== 200) throw fail('remote_or_network', 'telemetry', 'telemetry.refused', { address, status: response.statusCode ?? 0, message: text.slice(0, 500) })
}

async function textOf(response: IncomingMessage, address: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
      size += bytes.length
      if (size > maxAnswerBytes) throw new Error(`more than ${maxAnswerBytes} bytes`)
      chunks.push(bytes)
    }
  } catch (caught) {
    throw unreachable(address, caught)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function open(address: string, path: string, method: string, body: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(new URL(path, `http://${address}`), { method, headers, signal, agent: false }, (response) => {
      sent.setTimeout(0)
      resolve(response)
    })
    sent.setTimeout(answerMs, () => sent.destroy(new Error('no answer in time')))
    sent.once('error', (caught) => reject(unreachable(address, caught)))
    sent.end(body)
  })
}

function unreachable(address: string, caught: unknown): KiteError {
  const cause = KiteError.from(caught, 'telemetry').data
  if (cause.code === 'cancelled') return new KiteError(cause)
  return fail('get_connection', 'telemetry', 'telemetry.noReceiver', { address }, { hint: { key: 'telemetry.startReceiver' }, cause })
}
