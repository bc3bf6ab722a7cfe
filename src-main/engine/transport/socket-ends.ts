// Both ends of a socket as addresses, as connections tell them in their facts.

import type { Socket } from 'node:net'
import { formatAddress } from './address.ts'

/** `address`: as it was dialled, which is all that is known of a Unix socket. */
export function socketEnds({ localAddress, localPort = 0, remoteAddress, remotePort = 0 }: Socket, address: string): { readonly local: string; readonly remote: string } {
  return {
    local: localAddress === undefined ? '' : formatAddress(localAddress, localPort),
    remote: remoteAddress === undefined ? address : formatAddress(remoteAddress, remotePort),
  }
}
