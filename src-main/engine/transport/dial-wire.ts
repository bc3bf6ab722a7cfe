// Opens a wire for framed messages. All plaintext wires read into one memory and copy out of it at once, which spares an allocation and Node's stream
// machinery for each read; a TLS socket hands out buffers of its own.

import { dial } from './dial.ts'
import type { ConnectionFacts, Secure } from './transport.ts'
import { Wire } from './wire.ts'

/** An open wire and what opening it came to. */
export interface DialledWire {
  readonly wire: Wire
  readonly dialMs: number
  readonly tls?: NonNullable<ConnectionFacts['tls']>
}

/** Read at once by one system call. Shared: each read is copied out before the next one begins. */
const buffer = Buffer.allocUnsafeSlow(64 * 1024)

function copyOf(length: number): Buffer {
  const copy = Buffer.allocUnsafe(length)
  buffer.copy(copy, 0, 0, length)
  return copy
}

/** Connects, or throws KiteError of code `get_connection`. */
export async function dialWire(address: string, timeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<DialledWire> {
  let wire: Wire | undefined
  const take = (length: number): void => wire?.read(copyOf(length))
  const { socket, dialMs, tls } = await dial(address, timeoutMs, signal, secure, { buffer, take })
  const opened = new Wire(socket, address)
  wire = opened
  if (secure !== undefined) socket.on('data', (chunk: Buffer) => opened.read(chunk))
  return { wire: opened, dialMs, ...(tls === undefined ? {} : { tls }) }
}
