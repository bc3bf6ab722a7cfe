// Binds a server, and words what goes wrong with a place to go on: a taken port comes with the next free one.

import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { fail, type KiteError } from '../../../shared/base/error.ts'
import { systemCode } from './socket-errors.ts'

const portsToTry = 50

/** Listens, or throws KiteError of code `listen`; params are `host`, `port` and, when it is taken, `next`. */
export async function listenOn(server: Server, host: string, port: number): Promise<void> {
  try {
    await bind(server, host, port)
  } catch (caught) {
    throw await listenFailed(caught, host, port)
  }
}

async function listenFailed(caught: unknown, host: string, port: number): Promise<KiteError> {
  const params = { host, port }
  switch (systemCode(caught)) {
    case 'EADDRINUSE': {
      const next = await nextFreePort(host, port + 1)
      if (next === undefined) return fail('listen', 'connection', 'transport.portTaken', params, { hint: { key: 'transport.portTakenAllHint', params } })
      return fail('listen', 'connection', 'transport.portTaken', { ...params, next }, { hint: { key: 'transport.portTakenHint', params: { ...params, next } } })
    }
    case 'EACCES':
    case 'EPERM':
      return fail('listen', 'connection', 'transport.listenNotPermitted', params, { hint: { key: 'transport.listenNotPermittedHint' } })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fail('listen', 'connection', 'transport.noSuchLocalAddress', params, { hint: { key: 'transport.noSuchLocalAddressHint' } })
    default:
      return fail('listen', 'connection', 'transport.listenFailed', { ...params, reason: systemCode(caught) || String(caught) })
  }
}

/** The first port from `from` on that can be bound now, among the next few. */
export async function nextFreePort(host: string, from: number): Promise<number | undefined> {
  for (let port = from; port < from + portsToTry && port <= 65535; port++) {
    const probe = createServer()
    try {
      await bind(probe, host, port)
      return port
    } catch {
      // Taken as well: the next one is tried.
    } finally {
      probe.close()
    }
  }
  return undefined
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
