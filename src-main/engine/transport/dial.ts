// Opens a socket under a deadline. The deadline covers name resolution too, as Kitex's dialer does.

import * as net from 'node:net'
import { abortError, whenAborted } from './abort.ts'
import { type Address, parseAddress } from './address.ts'
import { dialFailed, dialTimedOut } from './socket-errors.ts'

const keepAliveDelayMs = 30_000

/** An open socket and how long it took. */
export interface Dialled {
  readonly socket: net.Socket
  readonly dialMs: number
}

/** Connects, or throws KiteError of code `get_connection`. A timeout of 0 leaves it to the signal, whose abort destroys the half-open socket. */
export function dial(address: string, timeoutMs: number, signal: AbortSignal): Promise<Dialled> {
  const target = parseAddress(address)
  if (signal.aborted) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const socket = net.connect(connectOptions(target))
    const settle = (): void => {
      clearTimeout(timer)
      forgetAbort()
      socket.removeAllListeners('error')
      socket.removeAllListeners('connect')
    }
    const giveUp = (error: Error): void => {
      settle()
      // A socket that is being destroyed may still report an error; nobody waits for it any more.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const timer = timeoutMs > 0 ? setTimeout(() => giveUp(dialTimedOut(address, timeoutMs)), timeoutMs) : undefined
    const forgetAbort = whenAborted(signal, () => giveUp(abortError(signal)))
    socket.on('error', (caught) => giveUp(dialFailed(caught, address)))
    socket.on('connect', () => {
      settle()
      resolve({ socket, dialMs: performance.now() - start })
    })
  })
}

function connectOptions(target: Address): net.NetConnectOpts {
  if (target.kind === 'unix') return { path: target.path }
  return { host: target.host, port: target.port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelayMs }
}
