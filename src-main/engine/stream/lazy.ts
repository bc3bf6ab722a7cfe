// The parts of streams that only a host of a window needs, loaded when the first stream runs.

import type { InputQueue } from './input-queue.ts'
import type { StreamLog, StreamLogOptions } from './stream-log.ts'

export type { InputQueue, StreamLog }

/** A log for one stream; who opens it disposes it. */
export async function openStreamLog(options: StreamLogOptions): Promise<StreamLog> {
  const { StreamLog } = await import('./stream-log.ts')
  return new StreamLog(options)
}

/** Messages for one stream. */
export async function openInputQueue(): Promise<InputQueue> {
  const { InputQueue } = await import('./input-queue.ts')
  return new InputQueue()
}
