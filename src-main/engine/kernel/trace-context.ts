// Ids of one trace (W3C Trace Context), as they go out and as the record keeps them.

import { childSpanId } from '../../../shared/logic/trace/span-id.ts'
import type { Random } from './random.ts'

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string
  /** The call's span: 16 hex digits. */
  readonly spanId: string
  /** The caller's span, where the user gave a traceparent. */
  readonly parentSpanId?: string
  readonly sampled: boolean
}

/** The key of W3C's header, which is also its key in transient metainfo. */
export const traceparentKey = 'traceparent'

const traceparentForm = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/

/** A new trace. */
export function newTrace(random: Random): TraceContext {
  return { traceId: hex(random, 4), spanId: hex(random, 2), sampled: true }
}

/** Joins the trace of a given traceparent with a span of our own; undefined when the text is none (W3C: ignore it then). */
export function joinTrace(traceparent: string, random: Random): TraceContext | undefined {
  const [, version, traceId, parentSpanId, flags] = traceparentForm.exec(traceparent.trim()) ?? []
  if (version === undefined || version === 'ff' || traceId === undefined || parentSpanId === undefined || flags === undefined) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(parentSpanId)) return undefined
  return { traceId, spanId: hex(random, 2), parentSpanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export const traceparentOf = (trace: TraceContext, spanId: string = trace.spanId): string => `00-${trace.traceId}-${spanId}-${trace.sampled ? '01' : '00'}`

/** The span of attempt `n`, counted from 1; the record's reader derives the same. */
export const attemptSpanId = (trace: TraceContext, attempt: number): string => childSpanId(trace.spanId, `attempt ${attempt}`)

/** Never all zeros, which W3C forbids. */
function hex(random: Random, words: number): string {
  let text = ''
  let any = 0
  for (let n = 0; n < words; n += 1) {
    const word = Math.floor(random() * 0x1_0000_0000)
    any |= word
    text += word.toString(16).padStart(8, '0')
  }
  return any === 0 ? hex(random, words) : text
}
