// The TLS side of dialling: handshake, server name, ALPN, and the facts that the call record keeps of it.

import * as net from 'node:net'
import * as tls from 'node:tls'
import { parseAddress } from './address.ts'
import { dialFailed } from './socket-errors.ts'
import { protocolRefused, tlsFailed } from './tls-errors.ts'
import type { Secure } from './transport.ts'
import { connectOptions, whenOpen, type Dialled } from './when-open.ts'

export interface TlsDial {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly secure: Secure
  readonly start: number
}

/** Connects and shakes hands, or throws KiteError of code `get_connection`. */
export async function dialTls(address: string, { timeoutMs, signal, secure, start }: TlsDial): Promise<Dialled> {
  const target = parseAddress(address)
  // A host name is sent as it was dialled; an IP address may not be sent as a name (RFC 6066 3).
  const name = target.kind === 'tcp' && net.isIP(target.host) === 0 ? { servername: target.host } : {}
  const socket = tls.connect({ ...connectOptions(target), ...name, ...secure.options })
  let connected = false
  socket.once('connect', () => (connected = true))
  const failed = (caught: unknown): Error => (connected ? tlsFailed(caught, address, secure) : dialFailed(caught, address))
  return await whenOpen(socket, { address, timeoutMs, signal, event: 'secureConnect', failed }, (open) => {
    const asked = secure.options.ALPNProtocols
    // A server that knows no ALPN speaks HTTP/1.1 (RFC 7301 3.2 leaves the connection as it is).
    if (Array.isArray(asked) && asked.length > 0 && !asked.map(String).includes('http/1.1') && open.alpnProtocol === false) throw protocolRefused(address, asked.map(String).join(', '))
    return { socket: open, dialMs: performance.now() - start, tls: factsOf(open, secure) }
  })
}

function factsOf(socket: tls.TLSSocket, { insecure }: Secure): NonNullable<Dialled['tls']> {
  const certificate = socket.getPeerCertificate()
  return {
    version: socket.getProtocol() ?? '', cipher: socket.getCipher().name, alpn: socket.alpnProtocol === false ? '' : (socket.alpnProtocol ?? ''),
    subject: subjectOf(certificate.subject), validTo: certificate.valid_to ?? '', insecure,
  }
}

function subjectOf(subject: tls.Certificate | undefined): string {
  if (subject === undefined) return ''
  return Object.entries(subject).map(([name, value]) => `${name}=${String(value)}`).join(', ')
}
