// The boundary between a window or page and the engine. Each message passes the same gates in the same order: is the channel in the
// contract, is the sender one of ours, does the input parse; then one handler runs and its outcome leaves as a Result. Nothing throws
// across. What a session started is aborted when the session ends.

import { type ErrorData, KiteError, fail } from '../../shared/base/error.ts'
import type { Disposable } from '../../shared/base/disposable.ts'
import { type Result, err, ok } from '../../shared/base/result.ts'
import { type ChannelName, type Output, type Parsed, contract } from '../../shared/ipc/contract.ts'
import { isChannelName, isStreamName } from '../../shared/ipc/names.ts'
import { type StreamItem, type StreamName, type StreamParsed, streams } from '../../shared/ipc/streams.ts'
import type { ZodType } from 'zod'
import { type HostPort, pumpStream } from './stream-pump.ts'

/** One handler for each channel of the contract: a missing one does not compile. A handler calls one engine method. */
export type Handlers = { readonly [C in ChannelName]: (input: Parsed<C>, signal: AbortSignal) => Promise<Output<C>> | Output<C> }

/** One source for each stream; it is pulled only while the reader has granted credit, and returns when the signal aborts. */
export type StreamHandlers = { readonly [S in StreamName]: (input: StreamParsed<S>, signal: AbortSignal) => AsyncIterable<StreamItem<S>> }

/** What one window or page may do. Inputs are unknown: they came from outside. */
export interface Session extends Disposable {
  request(channel: unknown, input: unknown, id: unknown, isTrusted: boolean): Promise<Result<unknown>>
  cancel(id: unknown): void
  openStream(channel: unknown, input: unknown, port: HostPort, isTrusted: boolean): void
}

/** A session for each window or page over one set of handlers. */
export function createRouter(handlers: Handlers, streamHandlers: StreamHandlers): { readonly openSession: () => Session } {
  return { openSession: () => new RouterSession(handlers, streamHandlers) }
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown
type AnySource = (input: unknown, signal: AbortSignal) => AsyncIterable<unknown>

class RouterSession implements Session {
  readonly #handlers: Handlers
  readonly #streamHandlers: StreamHandlers
  readonly #requests = new Map<unknown, AbortController>()
  readonly #streams = new Set<AbortController>()
  #isOver = false

  constructor(handlers: Handlers, streamHandlers: StreamHandlers) {
    this.#handlers = handlers
    this.#streamHandlers = streamHandlers
  }

  async request(channel: unknown, input: unknown, id: unknown, isTrusted: boolean): Promise<Result<unknown>> {
    if (!isChannelName(channel)) return err(unknownChannel(channel))
    const refused = this.#refusal(isTrusted)
    if (refused !== undefined) return err(refused)
    const parsed = parse(channel, contract[channel].input, input)
    if (!parsed.ok) return parsed
    const abort = new AbortController()
    // An id that is used twice would leave the first out of reach of cancel and of the session's end.
    this.#requests.get(id)?.abort()
    this.#requests.set(id, abort)
    try {
      // The mapped type above ties each handler to its schema; looked up by a name known only now, the tie is beyond the compiler.
      const handler = this.#handlers[channel] as AnyHandler
      return ok(await handler(parsed.value, abort.signal))
    } catch (caught) {
      return err(KiteError.from(caught, 'ipc').data)
    } finally {
      if (this.#requests.get(id) === abort) this.#requests.delete(id)
    }
  }

  cancel(id: unknown): void {
    this.#requests.get(id)?.abort()
  }

  openStream(channel: unknown, input: unknown, port: HostPort, isTrusted: boolean): void {
    const refuse = (error: ErrorData): void => {
      port.post({ kind: 'error', error })
      port.close()
    }
    if (!isStreamName(channel)) return refuse(unknownChannel(channel))
    const refused = this.#refusal(isTrusted)
    if (refused !== undefined) return refuse(refused)
    const parsed = parse(channel, streams[channel].input, input)
    if (!parsed.ok) return refuse(parsed.error)
    const abort = new AbortController()
    this.#streams.add(abort)
    const source = this.#streamHandlers[channel] as AnySource
    void pumpStream(() => source(parsed.value, abort.signal), port, abort).finally(() => this.#streams.delete(abort))
  }

  dispose(): void {
    this.#isOver = true
    for (const abort of [...this.#requests.values(), ...this.#streams]) abort.abort()
  }

  #refusal(isTrusted: boolean): ErrorData | undefined {
    return isTrusted && !this.#isOver ? undefined : fail('contract', 'ipc', 'workspace.untrustedSender').data
  }
}

function unknownChannel(channel: unknown): ErrorData {
  return fail('contract', 'ipc', 'workspace.unknownChannel', { channel: typeof channel === 'string' ? channel.slice(0, 80) : typeof channel }).data
}

function parse(channel: string, schema: ZodType, input: unknown): Result<unknown> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String).join('.') ?? ''
  return err(fail('contract', 'ipc', 'workspace.badInput', { channel, cause: issue?.message ?? '' }, path === '' ? {} : { at: { path } }).data)
}
