// Where a connection leads. Pools keep what they share by it: two calls to one address with different TLS files never meet on a connection.

import type { Secure } from './transport.ts'

/** An address with one kind of security; undefined: plaintext. */
export interface Place {
  readonly address: string
  readonly secure: Secure | undefined
}

/** The same trust, by HTTP/2 or not at all: gRPC has no other way. */
export const overHttp2 = (secure: Secure): Secure => ({ ...secure, id: `${secure.id}/h2`, options: { ...secure.options, ALPNProtocols: ['h2'] } })

/** Tells apart what must not share a connection. */
export const placeKey = (address: string, secure: Secure | undefined): string => (secure === undefined ? address : `${address}\0${secure.id}`)
