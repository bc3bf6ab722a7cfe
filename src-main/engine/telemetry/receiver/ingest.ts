// What both doors (gRPC and HTTP) do with a request once its bytes are whole: decode, keep, count, and say in which way it went.

import { Emitter } from '../../../../shared/base/emitter.ts'
import type { Span } from '../../../../shared/model/trace.ts'
import type { Encoding } from '../otlp/answers.ts'
import { decodeTraces, type DecodedTraces } from '../otlp/decode-traces.ts'
import { decodeTracesJson } from '../otlp/json-traces.ts'

export type Signal = 'traces' | 'metrics' | 'logs'

export type Ingested = { readonly ok: true; readonly rejected: number; readonly because: string | undefined } | { readonly ok: false; readonly message: string }

/** Counts what came in and hands spans on. Metrics and logs are accepted, so that an SDK that sends all three stays calm. */
export class Ingest {
  readonly #keep: (spans: readonly Span[]) => void
  readonly #changed = new Emitter<void>()
  readonly onDidCount = this.#changed.event
  rejected = 0
  metricsRequests = 0
  logsRequests = 0

  constructor(keep: (spans: readonly Span[]) => void) {
    this.#keep = keep
  }

  take(signal: Signal, encoding: Encoding, body: Buffer): Ingested {
    if (signal === 'traces') return this.#takeTraces(encoding, body)
    if (signal === 'metrics') this.metricsRequests += 1
    else this.logsRequests += 1
    this.#changed.fire()
    return { ok: true, rejected: 0, because: undefined }
  }

  #takeTraces(encoding: Encoding, body: Buffer): Ingested {
    const decoded = decode(encoding, body)
    if (typeof decoded === 'string') return { ok: false, message: decoded }
    this.rejected += decoded.rejected
    this.#keep(decoded.spans)
    this.#changed.fire()
    return { ok: true, rejected: decoded.rejected, because: decoded.rejectedBecause }
  }
}

function decode(encoding: Encoding, body: Buffer): DecodedTraces | string {
  try {
    return encoding === 'json' ? decodeTracesJson(body.toString('utf8')) : decodeTraces(body)
  } catch (caught) {
    return `the body is no ExportTraceServiceRequest: ${caught instanceof Error ? caught.message : String(caught)}`
  }
}
