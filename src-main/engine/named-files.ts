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
  /** Only regular files of at most so many bytes: for paths that nobody here has typed. */
  readonly maxBytes?: number
}

/** Far beyond any file of certificates. */
const maxCertificateBytes = 1024 * 1024

/** Throws as node:fs does, and for what is out of bounds. */
export function readNamed(path: string, { baseDir, isConfined = false, maxBytes }: NamedFiles): Buffer {
  if (isConfined && baseDir === undefined) throw new Error('no workspace is open')
  const file = baseDir === undefined ? path : isConfined ? inside(baseDir, path) : resolve(baseDir, path)
  if (isConfined || maxBytes !== undefined) {
    // A pipe or device would never end.
    const facts = statSync(file)
    if (!facts.isFile()) throw new Error(`${path} is no regular file`)
    if (facts.size > (maxBytes ?? Infinity)) throw Object.assign(new Error(`${path} has ${facts.size} bytes`), { code: 'EFBIG' })
  }
  return readFileSync(file)
}

/** TLS with its files read. Throws KiteError that names the file. */
export async function readTls(tls: TlsRequest, files: NamedFiles): Promise<Secure> {
  const { secureOf } = await import('./transport/secure.ts')
  return secureOf(tls, (path) => readNamed(path, files))
}

/** The same where the paths stand in a file that may come from anybody, and are read unasked. */
export const foreignTls = (tls: TlsRequest, files: NamedFiles): Promise<Secure> => readTls(tls, { ...files, maxBytes: maxCertificateBytes })
