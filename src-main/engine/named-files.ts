// Files that a request names, such as certificates and what a body brings in: where their paths start, and whether they may leave that folder.

import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TlsRequest } from '../../shared/model/call.ts'
import { inside } from './inside.ts'
import type { Secure } from './transport/transport.ts'

export interface NamedFiles {
  /** Where relative paths start. Without one, who is confined reads nothing. */
  readonly baseDir?: string
  /** Nothing outside of `baseDir` is read: for requests of people who may not read this machine. */
  readonly isConfined?: boolean
}

/** Throws as node:fs does, and for what is out of bounds. */
export function readNamed(path: string, { baseDir, isConfined = false }: NamedFiles): Buffer {
  if (!isConfined) return readFileSync(baseDir === undefined ? path : resolve(baseDir, path))
  if (baseDir === undefined) throw new Error('no workspace is open')
  const file = inside(baseDir, path)
  // A pipe or device would never end.
  if (!statSync(file).isFile()) throw new Error(`${path} is no regular file`)
  return readFileSync(file)
}

/** TLS with its files read. Throws KiteError that names the file. */
export async function readTls(tls: TlsRequest, files: NamedFiles): Promise<Secure> {
  const { secureOf } = await import('./transport/secure.ts')
  return secureOf(tls, (path) => readNamed(path, files))
}
