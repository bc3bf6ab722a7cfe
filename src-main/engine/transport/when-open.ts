// What dialling in plaintext and with TLS share: how a socket is opened, and the wait for it, which ends by a deadline, an abort, or an error.

import type * as net from 'node:net'
import { abortError, whenAborted } from './abort.ts'
import type { Address } from './address.ts'
import { dialTimedOut } from './socket-errors.ts'
import type { ConnectionFacts } from './transport.ts'

const keepAliveDelayMs = 30_000

/** An open socket and how long it took. */
export interface Dialled {
  readonly socket: net.Socket
  readonly dialMs: number
  /** What the handshake came to. */
  readonly tls?: NonNullable<ConnectionFacts['tls']>
}

/** Takes what a socket reads out of one memory that every read uses anew, which spares an allocation a read. For plaintext only. */
export interface Inbox {
  readonly buffer: Buffer
  readonly take: (length: number) => void
}

/** What a wait for a socket ends by. */
export interface Opening {
  readonly address: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly event: 'connect' | 'secureConnect'
  readonly failed: (caught: unknown, address: string) => Error
}

/** Waits until a socket is open; one that fails, or takes too long, is destroyed. `open` may throw to refuse it. */
export function whenOpen<S extends net.Socket>(socket: S, { address, timeoutMs, signal, event, failed }: Opening, open: (socket: S) => Dialled): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    let late: NodeJS.Immediate | undefined
    const settle = (): void => {
      clearTimeout(timer)
      clearImmediate(late)
      forgetAbort()
      socket.removeAllListeners('error')
      socket.removeAllListeners(event)
    }
    const giveUp = (error: unknown): void => {
      settle()
      // A socket that is being destroyed may still report an error; nobody waits for it any more.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    // Where this process itself was busy, the socket may be open and nobody has looked yet: one look at it before giving up.
    const timeIsUp = (): void => {
      late = setImmediate(() => giveUp(dialTimedOut(address, timeoutMs)))
    }
    const timer = timeoutMs > 0 ? setTimeout(timeIsUp, timeoutMs) : undefined
    const forgetAbort = whenAborted(signal, () => giveUp(abortError(signal)))
    socket.on('error', (caught) => giveUp(failed(caught, address)))
    socket.on(event, () => {
      try {
        const dialled = open(socket)
        settle()
        resolve(dialled)
      } catch (caught) {
        giveUp(caught)
      }
    })
  })
}

/** Where and how a plain socket connects. */
export function connectOptions(target: Address, inbox?: Inbox): net.NetConnectOpts {
  const onread = inbox === undefined ? {} : { onread: { buffer: inbox.buffer, callback: taker(inbox) } }
  if (target.kind === 'unix') return { path: target.path, ...onread }
  return { host: target.host, port: target.port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelayMs, ...onread }
}

const taker = (inbox: Inbox) => (length: number): boolean => {
  inbox.take(length)
  return true
}
