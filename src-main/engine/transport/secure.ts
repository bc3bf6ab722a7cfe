// TLS of one call, made from the files that the user named.

import { createHash } from 'node:crypto'
import type { TlsRequest } from '../../../shared/model/call.ts'
import type { Secure } from './transport.ts'

/** Reads the PEM files of a request. */
export function secureOf(tls: TlsRequest, readFile: (path: string) => Buffer, alpn?: readonly string[]): Secure {
  const { caFile, certFile, keyFile, serverName, insecure } = tls
  const [ca, cert, key] = [caFile, certFile, keyFile].map((path) => (path === undefined ? undefined : readFile(path)))
  const options = {
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  }
  const hash = createHash('sha256')
  for (const part of [ca, cert, key]) hash.update(part ?? '').update('\0')
  return { id: `${hash.digest('hex')}/${serverName ?? ''}/${insecure ? 'insecure' : 'verified'}/${alpn?.join(',') ?? ''}`, options, insecure }
}
