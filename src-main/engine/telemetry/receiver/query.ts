// The small read-only side door of the HTTP receiver: `kite trace …` asks a running `kite receive` or window here. It answers to
// programs on this machine only; pages are refused, whatever their origin, since traces hold what calls carried.

import * as z from 'zod'
import type { ReceiverStatus, Span, TraceSummary } from '../../../../shared/model/trace.ts'
import { encodeTracesJson } from '../otlp/json-traces.ts'
import type { TraceStore } from '../store/trace-store.ts'
import type { Exchange } from './exchange.ts'
import { isLocalHost } from './guard.ts'

export const queryPrefix = '/kite/v1/'

/** A proxy between us and the reader may close a line that is silent for long. */
const heartbeatMs = 15_000
/** Spans that may wait for a reader who does not keep up; more are counted and dropped. */
const tailBacklog = 1000
/** Spans that come together are told together. */
const gatherMs = 20

export interface QueryOptions {
  readonly store: TraceStore
  status(): ReceiverStatus
}

/** A summary as JSON holds it: 64-bit integers as text. */
export const summaryJsonSchema = z.object({
  traceId: z.string(),
  rootName: z.string(),
  rootService: z.string(),
  startTimeUnixNano: z.string().regex(/^\d{1,20}$/),
  durationNs: z.string().regex(/^\d{1,20}$/),
  spans: z.int(),
  services: z.array(z.string()).readonly(),
  errors: z.int(),
})
export type SummaryJson = Readonly<z.infer<typeof summaryJsonSchema>>

export function summaryJson({ startNs, durationNs, ...rest }: TraceSummary): SummaryJson {
  return { traceId: rest.traceId, rootName: rest.rootName, rootService: rest.rootService, startTimeUnixNano: String(startNs), durationNs: String(durationNs), spans: rest.spans, services: rest.services, errors: rest.errors }
}

/** Answers one request below {@link queryPrefix}; never throws. */
export async function answerQuery(exchange: Exchange, options: QueryOptions): Promise<void> {
  if (!isLocalHost(exchange.header('host')) || exchange.header('origin') !== undefined || isForeignPage(exchange.header('sec-fetch-site'))) {
    return json(exchange, 403, { error: 'pages may not read here' })
  }
  if (exchange.method !== 'GET') return json(exchange, 405, { error: 'only GET is served here' })
  const path = exchange.path.slice(queryPrefix.length)
  if (path === 'status') return json(exchange, 200, options.status())
  if (path === 'traces') return json(exchange, 200, { traces: (await options.store.list(filterOf(exchange.query))).map(summaryJson) })
  if (path === 'tail') return tail(exchange, options.store)
  if (path.startsWith('traces/')) return oneTrace(exchange, options.store, path.slice('traces/'.length))
  return json(exchange, 404, { error: 'nothing is served here' })
}

const isForeignPage = (site: string | undefined): boolean => site !== undefined && site !== 'none'

function filterOf(query: URLSearchParams) {
  const number = (key: string): number | undefined => {
    const value = Number(query.get(key) ?? Number.NaN)
    return Number.isFinite(value) && value >= 0 ? value : undefined
  }
  const text = (key: string): Record<string, string> => {
    const value = query.get(key)
    return value === null ? {} : { [key]: value }
  }
  return {
    ...text('service'), ...text('name'), ...text('text'),
    errorsOnly: query.get('errorsOnly') === 'true',
    minDurationMs: number('minDurationMs') ?? 0,
    limit: Math.min(Math.max(Math.trunc(number('limit') ?? 200), 1), 10_000),
  }
}

async function oneTrace(exchange: Exchange, store: TraceStore, prefix: string): Promise<void> {
  const found = /^[0-9a-fA-F]{1,32}$/.test(prefix) ? await store.find(prefix) : []
  const [traceId] = found
  if (traceId === undefined) return json(exchange, 404, { error: 'no such trace' })
  if (found.length > 1) return json(exchange, 409, { error: 'several traces begin so', traceIds: found })
  exchange.answer(200, { 'content-type': 'application/json' }, encodeTracesJson(await store.get(traceId)))
}

/** One line of OTLP JSON for each batch of spans kept, for as long as the reader stays. Nothing is written to one who does not keep up. */
function tail(exchange: Exchange, store: TraceStore): void {
  const waiting: Span[] = []
  let dropped = 0
  let keepsUp = true
  let gathering: NodeJS.Timeout | undefined
  const subscription = store.onDidAdd((spans) => {
    const room = tailBacklog - waiting.length
    waiting.push(...spans.slice(0, room))
    dropped += Math.max(0, spans.length - room)
    flush()
  })
  const write = exchange.stream({ 'content-type': 'application/x-ndjson' }, {
    onClose: () => {
      clearInterval(heartbeat)
      clearTimeout(gathering)
      subscription.dispose()
    },
    onDrain: () => {
      keepsUp = true
      flush()
    },
  })
  const send = (line: string): void => {
    keepsUp = write(`${line}\n`)
  }
  const flush = (): void => {
    if (!keepsUp || gathering !== undefined || waiting.length === 0) return
    const told = dropped
    dropped = 0
    send(encodeTracesJson(waiting.splice(0)))
    if (told > 0) send(JSON.stringify({ dropped: told }))
    gathering = setTimeout(() => {
      gathering = undefined
      flush()
    }, gatherMs)
  }
  const heartbeat = setInterval(() => keepsUp && send(''), heartbeatMs)
  send('')
}

function json(exchange: Exchange, status: number, value: unknown): void {
  exchange.answer(status, { 'content-type': 'application/json' }, JSON.stringify(value))
}
