// Whether a connection that lay idle is still open shows only when the event loop has looked at its socket once more: a pool asks before it hands
// such a connection out, and spares itself the wait where the connection was used a moment ago.

import { setImmediate as nextTurn } from 'node:timers/promises'

/** A connection that lay still for longer, in ms, gets time to show that its server closed it. */
export const freshMs = 20

/** One whole poll of the event loop, wherever in its round the caller stands. */
export async function wholePoll(): Promise<void> {
  await nextTurn()
  await nextTurn()
}
