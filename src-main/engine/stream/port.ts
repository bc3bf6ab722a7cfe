// How a host drives a stream while its call runs, and how it hears what happens on it. A call without a port sends what its body holds
// and keeps what its record keeps.

import type { StreamEntry } from '../../../shared/model/stream.ts'

/** One stream as its host sees it. Both members are used in order and by one call only. */
export interface StreamPort {
  /**
   * Messages to send as JSON texts; its end is the half-close, and what it throws ends the call. The call asks for the next message only
   * when the one before was taken by flow control, and calls `return` when the stream is over before the messages are.
   * Absent: the request's body gives the messages (JSON values one after another), then the half-close.
   */
  readonly input?: AsyncIterable<string>
  /** Hears every entry in order; a returned promise holds reading back (back-pressure reaches the peer where the protocol can). */
  readonly onEntries?: (entries: readonly StreamEntry[]) => void | Promise<void>
}
