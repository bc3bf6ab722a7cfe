// What comes back through the chain: the outcome as a value, never an exception, with the facts of the way back. A middleware that
// changes something returns a new Reply; its remark for the inspector travels in `note`.

import type { ErrorData, Text } from '../../../shared/base/error.ts'
import { KiteError, type ErrorLayer } from '../../../shared/base/error.ts'
import type { Outcome } from '../../../shared/model/call.ts'
import type { Decision, Verdict } from '../../../shared/model/chain.ts'
import type { StreamSummary } from '../../../shared/model/stream.ts'
import type { Instance } from '../../../shared/model/instance.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import type { CodecName } from '../codec/codec.ts'
import type { Captured, ConnectionFacts, HeaderInfo, TransportName } from '../transport/transport.ts'

/** A middleware's own words about what it did: verdict, reason, decision, and the time it merely waited. */
export interface Note {
  readonly verdict?: Verdict
  readonly reason: Text
  readonly decision?: Decision
  /** On the monotonic clock. */
  readonly waits?: readonly Wait[]
}

export interface Wait {
  readonly from: number
  readonly to: number
  readonly reason: Text
}

/** Bytes that crossed the wire in one attempt. */
export interface WireFrames {
  readonly attempt: number
  readonly sent: Buffer
  readonly received?: Buffer
  /** The same bytes explained, where only the transport could. */
  readonly sentCaptured?: Captured
  readonly receivedCaptured?: Captured
}

export interface Reply {
  readonly outcome: Outcome
  /** JSON text. */
  readonly response?: string
  readonly error?: ErrorData
  readonly warnings: readonly ErrorData[]
  /** The reply's header as it came; empty where the transport has none. */
  readonly header: HeaderInfo
  readonly trailer?: readonly Pair[]
  /** Of a stream. */
  readonly stream?: StreamSummary
  readonly backward: readonly Pair[]
  /** Of all attempts so far. */
  readonly bytes: { readonly sent: number; readonly received: number }
  readonly frames: readonly WireFrames[]
  readonly instance?: Instance
  readonly connection?: ConnectionFacts
  /** What the bytes were, which may differ from what was asked. */
  readonly transport?: TransportName
  readonly codec?: CodecName
  readonly note?: Note
}

const nothing = { warnings: [], header: { strings: [], ints: [] }, backward: [], bytes: { sent: 0, received: 0 }, frames: [] } as const

/** A reply that did not succeed and carries nothing else. */
export const failedReply = (error: ErrorData, more: Partial<Reply> = {}): Reply => ({ ...nothing, outcome: outcomeOf(error), error, ...more })

/** Turns something thrown into a reply. */
export const thrownReply = (caught: unknown, layer: ErrorLayer, more: Partial<Reply> = {}): Reply => failedReply(KiteError.from(caught, layer).data, more)

/** A reply that succeeded and carries nothing else. */
export const okReply = (response: string | undefined, more: Partial<Reply> = {}): Reply => ({ ...nothing, outcome: 'ok', ...(response === undefined ? {} : { response }), ...more })

/** The same reply with a remark; the note of whoever was further in is theirs and does not stay. */
export const withNote = (reply: Reply, note: Note): Reply => ({ ...reply, note })

/** `later`, with what the attempts before it sent and received. */
export function afterAttempt(earlier: Reply | undefined, later: Reply): Reply {
  if (earlier === undefined || earlier.frames.length + earlier.bytes.sent === 0) return later
  return {
    ...later,
    frames: [...earlier.frames, ...later.frames],
    bytes: { sent: earlier.bytes.sent + later.bytes.sent, received: earlier.bytes.received + later.bytes.received },
  }
}

/** Kitex counts a business error as success everywhere but in the caller's hands. */
export const isSuccess = (reply: Reply): boolean => reply.outcome === 'ok' || reply.outcome === 'biz_error'

function outcomeOf(error: ErrorData): Outcome {
  switch (error.code) {
    case 'rpc_timeout':
      return 'timeout'
    case 'cancelled':
      return 'cancelled'
    case 'exception':
      return 'exception'
    case 'biz':
      return 'biz_error'
    default:
      return 'failed'
  }
}
