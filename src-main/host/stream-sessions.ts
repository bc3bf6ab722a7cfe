// The streams of a host by the ids of their calls. One that has ended stays until its tab is closed or enough newer ones have ended.

import { toDisposable } from '../../shared/base/disposable.ts'
import type { StreamState } from '../../shared/model/stream-view.ts'
import { untilEnd } from './sources.ts'
import { noStream } from './stream-export.ts'
import { StreamSession } from './stream-session.ts'

const keptEnded = 12

export class StreamSessions {
  readonly #folder: string
  readonly #byCall = new Map<string, StreamSession>()
  /** Their tabs were closed while they ran. */
  readonly #unwanted = new Set<StreamSession>()

  /** `folder` holds what is kept on disk. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Before a call that may be a stream; `body` holds its first messages. */
  open(body: string): Promise<StreamSession> {
    return StreamSession.open(this.#folder, body)
  }

  begin(callId: string, session: StreamSession): void {
    this.#byCall.set(callId, session)
  }

  /** Throws KiteError where none is kept. */
  get(callId: string): StreamSession {
    const session = this.#byCall.get(callId)
    if (session === undefined || this.#unwanted.has(session)) throw noStream()
    return session
  }

  /** The call is over, or never began. */
  async end(session: StreamSession): Promise<void> {
    session.end()
    if (!session.isStream || this.#unwanted.delete(session)) await this.#drop(session)
    const ended = [...this.#byCall.values()].filter(({ isOpen }) => !isOpen)
    await Promise.all(ended.slice(0, Math.max(0, ended.length - keptEnded)).map((old) => this.#drop(old)))
  }

  async forget(callId: string): Promise<void> {
    const session = this.#byCall.get(callId)
    if (session?.isOpen === true) this.#unwanted.add(session)
    else if (session !== undefined) await this.#drop(session)
  }

  /** Its state at once, then each that is announced; ends with the stream. */
  watch(callId: string, signal: AbortSignal): AsyncIterable<StreamState> {
    const session = this.get(callId)
    return untilEnd<StreamState>((feed) => {
      const push = (state: StreamState): void => {
        feed.push(state)
        if (!state.isOpen) feed.end()
      }
      push(session.state)
      return session.isOpen ? session.onDidChange(push) : toDisposable(() => undefined)
    }, signal)
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#byCall.values()].map((session) => session.dispose()))
    this.#byCall.clear()
  }

  async #drop(session: StreamSession): Promise<void> {
    for (const [callId, each] of this.#byCall) if (each === session) this.#byCall.delete(callId)
    await session.dispose()
  }
}
