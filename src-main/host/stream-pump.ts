// Moves a stream's items to its reader: batches of at most 512 or 16 ms, and never more than the reader has granted credit for, so that
// a slow window slows the source instead of filling memory.

import { KiteError } from '../../shared/base/error.ts'
import { type ToReader, batchItems, batchMs, initialCredit } from '../../shared/ipc/protocol.ts'

/** The host's end of a stream, whatever carries it. */
export interface HostPort {
  post(message: ToReader): void
  /** What the reader sends is unknown: it came from outside. */
  onMessage(listener: (message: unknown) => void): void
  /** The reader has gone without saying so. */
  onClose(listener: () => void): void
  /** Undefined, or settles when what was posted has gone so far that more may come: items are counted by credit, their bytes here. */
  drained?(): Promise<void> | undefined
  close(): void
}

/** Runs until the source ends, fails or is aborted; never rejects. */
export async function pumpStream(source: () => AsyncIterable<unknown>, port: HostPort, abort: AbortController): Promise<void> {
  const credit = new Credit(initialCredit, abort.signal)
  port.onMessage((message) => {
    if (isClose(message)) abort.abort()
    else credit.grant(creditOf(message))
  })
  port.onClose(() => abort.abort())
  const batch = new Batch(port)
  try {
    for await (const item of source()) {
      if (abort.signal.aborted) break
      batch.add(item)
      await credit.spend()
      await port.drained?.()
    }
    batch.flush()
    if (!abort.signal.aborted) port.post({ kind: 'end' })
  } catch (caught) {
    batch.flush()
    if (!abort.signal.aborted) port.post({ kind: 'error', error: KiteError.from(caught, 'ipc').data })
  } finally {
    abort.abort()
    port.close()
  }
}

class Batch {
  readonly #port: HostPort
  #items: unknown[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(port: HostPort) {
    this.#port = port
  }

  add(item: unknown): void {
    this.#items.push(item)
    if (this.#items.length >= batchItems || isLong(item)) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), batchMs)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#items.length === 0) return
    this.#port.post({ kind: 'data', items: this.#items })
    this.#items = []
  }
}

const longCharacters = 64 * 1024

/** Parts of a text that is saved are many messages, and not one message of all of them. */
const isLong = (item: unknown): boolean => typeof item === 'object' && item !== null && 'text' in item && typeof item.text === 'string' && item.text.length > longCharacters

/** Counts what may still be sent; spending the last one waits for a grant. */
class Credit {
  readonly #signal: AbortSignal
  #left: number
  #wake: (() => void) | undefined

  constructor(left: number, signal: AbortSignal) {
    this.#left = left
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  grant(items: number): void {
    this.#left += items
    if (this.#left > 0) this.#wake?.()
  }

  async spend(): Promise<void> {
    this.#left -= 1
    if (this.#left > 0 || this.#signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }
}

const isClose = (message: unknown): boolean => kindOf(message) === 'close'

function creditOf(message: unknown): number {
  if (kindOf(message) !== 'credit' || typeof message !== 'object' || message === null || !('items' in message)) return 0
  const { items } = message
  return typeof items === 'number' && Number.isInteger(items) && items > 0 ? Math.min(items, 1_000_000) : 0
}

const kindOf = (message: unknown): unknown => (typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined)
