// The flags about TLS, the same for every command that dials.

import type { Command } from 'commander'
import type { TlsRequest } from '../../shared/model/call.ts'
import { words } from './command.ts'

export interface TlsFlags {
  readonly tls?: true
  readonly cacert?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly insecure?: true
}

export const addTlsFlags = (command: Command): Command => command
  .option('--tls', words('call.cli.flag.tls'))
  .option('--cacert <FILE>', words('call.cli.flag.cacert'))
  .option('--cert <FILE>', words('call.cli.flag.cert'))
  .option('--key <FILE>', words('call.cli.flag.key'))
  .option('--servername <NAME>', words('call.cli.flag.servername'))
  .option('--insecure', words('call.cli.flag.insecure'))

/** Any flag about TLS asks for TLS, and so may the scheme of an address. */
export function tlsOf({ tls, cacert, cert, key, servername, insecure }: TlsFlags, byScheme: boolean): TlsRequest | undefined {
  const asked = tls === true || byScheme || insecure === true || [cacert, cert, key, servername].some((each) => each !== undefined)
  if (!asked) return undefined
  return {
    ...(cacert === undefined ? {} : { caFile: cacert }),
    ...(cert === undefined ? {} : { certFile: cert }),
    ...(key === undefined ? {} : { keyFile: key }),
    ...(servername === undefined ? {} : { serverName: servername }),
    insecure: insecure === true,
  }
}
