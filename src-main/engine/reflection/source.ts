// A reflected server as a source of IDLs: what may stand where an IDL's path stands, and the set that comes of it.

import { fail, KiteError } from '../../../shared/base/error.ts'
import { readReflectionPath, type ReflectionPath } from '../../../shared/logic/reflection-path.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import { parseAddress } from '../transport/address.ts'
import type { ConnectionPool, Secure } from '../transport/transport.ts'
import { reflect } from './reflect.ts'

/** Which server an IDL path means; undefined for what is a file. Throws KiteError for an address that is none, and for words that mean nothing. */
export function reflectionPath(path: string): ReflectionPath | undefined {
  const read = readReflectionPath(path)
  if (read === undefined) return undefined
  const [unknown] = read.unknown
  if (unknown !== undefined) throw fail('usage', 'usage', 'reflection.unknownWord', { source: path, word: unknown }, { hint: { key: 'reflection.unknownWordHint' } })
  if (read.address === undefined) return read
  try {
    parseAddress(read.address)
  } catch (caught) {
    throw fail('usage', 'usage', 'reflection.badAddress', { source: path }, { hint: { key: 'reflection.badAddressHint' }, cause: KiteError.from(caught).data })
  }
  return read
}

export interface ReflectSourceOptions {
  readonly address: string
  readonly secure?: Secure
  /** Sent with the question, such as credentials. */
  readonly headers?: readonly Pair[]
  readonly connectTimeoutMs?: number
  /** For everything: dialling aside, all questions and their answers. */
  readonly timeoutMs?: number
}

const defaultConnectTimeoutMs = 3000
const defaultTimeoutMs = 30_000

/** The IDL that a server has of itself, over a connection of this pool (`grpc` in `pools.ts`). Throws KiteError; aborting ends it at once. */
export async function reflectIdl(pool: ConnectionPool, { address, secure, headers = [], connectTimeoutMs = defaultConnectTimeoutMs, timeoutMs = defaultTimeoutMs }: ReflectSourceOptions, signal: AbortSignal): Promise<IdlSet> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const both = AbortSignal.any([signal, deadline])
  try {
    const lease = await pool.acquire(address, connectTimeoutMs, both, secure)
    let isGood = false
    try {
      const files = await reflect((opening, ended) => lease.open(opening, ended), both, { header: { strings: headers, ints: [] }, timeoutMs })
      isGood = true
      return await setOf(files)
    } finally {
      lease.release(isGood)
    }
  } catch (caught) {
    if (deadline.aborted && !signal.aborted) throw fail('rpc_timeout', 'remote', 'reflection.timedOut', { address, timeoutMs }, { hint: { key: 'reflection.giveIdl' } })
    throw caught
  }
}

async function setOf(files: readonly Uint8Array[]): Promise<IdlSet> {
  const { idlSetFromDescriptors } = await import('../idl/proto/index.ts')
  try {
    return await idlSetFromDescriptors(files)
  } catch (caught) {
    throw fail('idl', 'remote', 'reflection.badFiles', { reason: caught instanceof Error ? caught.message : String(caught) }, { hint: { key: 'reflection.giveIdl' } })
  }
}
