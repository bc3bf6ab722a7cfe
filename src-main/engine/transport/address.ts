// Addresses as users and registries write them: `host:port`, `[v6]:port`, or the path of a Unix socket.

import { fail } from '../../../shared/base/error.ts'

/** Where to dial. */
export type Address = { readonly kind: 'tcp'; readonly host: string; readonly port: number } | { readonly kind: 'unix'; readonly path: string }

const scheme = 'unix:'

/** Whether it names a socket of this machine's file system, or a pipe of Windows, instead of a place on the network. */
export const isSocketPath = (text: string): boolean => text.startsWith(scheme) || text.startsWith('/') || text.startsWith('\\\\.\\pipe\\')

/** Reads an address. Throws KiteError of code `usage` that says what is wrong with it. */
export function parseAddress(text: string): Address {
  if (isSocketPath(text)) return { kind: 'unix', path: text.startsWith(scheme) ? text.slice(scheme.length) : text }
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3] ?? Number.NaN)
  if (match === null || !(port <= 65535)) throw fail('usage', 'connection', 'transport.addressMalformed', { address: text }, { hint: { key: 'transport.addressHint' } })
  const host = match[1] ?? match[2] ?? ''
  return { kind: 'tcp', host: host === '' ? '127.0.0.1' : host, port }
}

/** `host:port`, with brackets where the host is an IPv6 address. */
export const formatAddress = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)
