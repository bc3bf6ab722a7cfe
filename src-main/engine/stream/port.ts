// How a host drives a stream while its call runs, and how it hears what happens on it. A call without a port sends what its body holds
// and keeps what its record keeps.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { JsonPiece } from '../../../shared/logic/json/split.ts'
import type { MethodKind } from '../../../shared/model/idl.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'

/** A message to send: its JSON text, or that with its place in a file. */
export type StreamMessage = string | JsonPiece

/** One stream as its host sees it. All members are used in order and by one call only. */
export interface StreamPort {
  /**
   * Messages to send, or what makes them for the kind of the method that was found; their end is the half-close, and what they throw ends the call. The call asks for the next
   * message only when the one before was taken by flow control, and calls `return` when the stream is over before the messages are.
   * Absent: the request's body gives the messages (JSON values one after another), then the half-close.
   */
  readonly input?: AsyncIterable<StreamMessage> | ((kind: MethodKind) => AsyncIterable<StreamMessage>)
  /** Hears every entry in order; a returned promise holds reading back (back-pressure reaches the peer where the protocol can). */
  readonly onEntries?: (entries: readonly StreamEntry[]) => void | Promise<void>
  /** Hears of a message that cannot be encoded, and the stream goes on without it. Absent: such a message ends the stream. */
  readonly onRefused?: (error: ErrorData) => void
}
