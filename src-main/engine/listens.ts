// Whether anybody listens at an address, for those who need not know who: a connection is opened and closed at once.

import { connect } from 'node:net'

/** False as well when there is no answer within `patienceMs`. `address` is `host:port`. */
export function listens(address: string, patienceMs: number): Promise<boolean> {
  const at = address.lastIndexOf(':')
  return new Promise((resolve) => {
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) })
    const end = (found: boolean): void => {
      socket.destroy()
      resolve(found)
    }
    socket.setTimeout(patienceMs, () => end(false)).once('connect', () => end(true)).once('error', () => end(false))
  })
}
