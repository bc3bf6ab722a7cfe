// Opens a socket under a deadline. The deadline covers name resolution too, as Kitex's dialer does, and the TLS handshake where there is one.

import * as net from 'node:net'
import { abortError } from './abort.ts'
import { parseAddress } from './address.ts'
import { dialFailed } from './socket-errors.ts'
import type { Secure } from './transport.ts'
import { connectOptions, whenOpen, type Dialled, type Inbox } from './when-open.ts'

export type { Dialled, Inbox }

/**
 * Connects, or throws KiteError of code `get_connection`. A timeout of 0 leaves it to the signal, whose abort destroys the half-open socket.
 * With `secure` the socket speaks TLS or there is none: nothing is ever sent in plaintext instead.
 */
export function dial(address: string, timeoutMs: number, signal: AbortSignal, secure?: Secure, inbox?: Inbox): Promise<Dialled> {
  const target = parseAddress(address)
  if (signal.aborted) return Promise.reject(abortError(signal))
  if (secure !== undefined) return dialSecurely(address, timeoutMs, signal, secure)
  const start = performance.now()
  return whenOpen(net.connect(connectOptions(target, inbox)), { address, timeoutMs, signal, event: 'connect', failed: dialFailed }, (socket) => ({ socket, dialMs: performance.now() - start }))
}

/** Loaded when it is needed: a call in plaintext starts without the weight of TLS. */
async function dialSecurely(address: string, timeoutMs: number, signal: AbortSignal, secure: Secure): Promise<Dialled> {
  const start = performance.now()
  const { dialTls } = await import('./dial-tls.ts')
  return await dialTls(address, { timeoutMs, signal, secure, start })
}
