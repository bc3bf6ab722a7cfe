// Which port is free. The wanted one first; when it belongs to someone else, the next one that is free is found by trying it, since
// nothing else tells for sure.

import { createServer } from 'node:net'

/** How many ports are tried before giving up. */
const reach = 200

/** Codes of Node for "not yours". */
export const isTaken = (caught: unknown): boolean => caught instanceof Error && 'code' in caught && (caught.code === 'EADDRINUSE' || caught.code === 'EACCES')

/** The first free port after `wanted` that is not among `others`. */
export async function nextFree(host: string, wanted: number, others: readonly number[]): Promise<number> {
  for (let port = wanted + 1; port <= Math.min(wanted + reach, 65_535); port += 1) {
    if (!others.includes(port) && (await isFree(host, port))) return port
  }
  return 0
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
