// What happens on a stream, one entry at a time, whatever carried it: the four gRPC kinds, TTHeader Streaming and WebSocket. The same
// entries are printed by `kite call -o ndjson`, kept by the engine's stream log and drawn by the window.

import type { ErrorData } from '../base/error.ts'
import type { Pair } from './metainfo.ts'

/** One thing that happened. `seq` counts all entries of a stream from 0, `atNs` are nanoseconds after the call's start. */
export type StreamEntry = { readonly seq: number; readonly atNs: number } & (
  /** A message that we sent, or one that came; `bytes` as it travelled, without frame. `index` counts messages of its direction from 0. */
  | { readonly event: 'send' | 'message'; readonly index: number; readonly bytes: number; readonly json: string; readonly compressed?: true; readonly warnings?: readonly ErrorData[] }
  /** A message that came and could not be read; the stream goes on. */
  | { readonly event: 'unreadable'; readonly index: number; readonly bytes: number; readonly error: ErrorData }
  | { readonly event: 'header' | 'trailer'; readonly pairs: readonly Pair[] }
  /** We said that nothing more will be sent. */
  | { readonly event: 'half-close' }
  /** The peer's flow-control window was closed for so long before a message could go. */
  | { readonly event: 'stall'; readonly waitedNs: number }
  | { readonly event: 'end'; readonly error?: ErrorData }
)

export type StreamEventName = StreamEntry['event']

/** Counts, for what shows no single messages. Bytes are of messages, without frames. */
export interface StreamCounts {
  readonly sent: number
  readonly received: number
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly entries: number
}

export const noCounts: StreamCounts = { sent: 0, received: 0, sentBytes: 0, receivedBytes: 0, entries: 0 }

/** What a record keeps of a stream: counts, and the first entries as far as a mebibyte of JSON goes. */
export interface StreamSummary extends StreamCounts {
  readonly kept: readonly StreamEntry[]
  /** Entries that are not among `kept`. */
  readonly left: number
}
