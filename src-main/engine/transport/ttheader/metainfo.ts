// Metainfo as TTHeader's string pairs and back (bytedance/gopkg cloud/metainfo/utils.go). Backward values travel under their bare
// key, so that on a reply every string key that is not the framework's own is one.

import type { Metainfo, Pair } from '../../../../shared/model/metainfo.ts'
import type { HeaderInfo } from '../transport.ts'
import { frameworkStringKeys } from './keys.ts'

const transientPrefix = 'RPC_TRANSIT_'
const upstreamPrefix = 'RPC_TRANSIT_UPSTREAM_'
const persistentPrefix = 'RPC_PERSIST_'
/** Kitex carries this transient key in info section 0x11 instead. */
const aclKey = 'gdpr-token'

/** Metainfo that arrived, by its lifetime from here on. */
export interface ReceivedMetainfo extends Metainfo {
  /** Transient values that the caller itself had received; they are dropped before the next send. */
  readonly upstream: readonly Pair[]
}

/** The header pairs that carry `metainfo`. Kitex discards empty keys and empty values on both ends, and so do we. */
export function metainfoToHeader(metainfo: Metainfo): Pick<HeaderInfo, 'strings' | 'aclToken'> {
  const carried = ([key, value]: Pair): boolean => key !== '' && value !== ''
  const token = metainfo.transient.findLast(([key, value]) => key === aclKey && value !== '')
  const strings: Pair[] = [
    ...metainfo.transient.filter((pair) => carried(pair) && pair[0] !== aclKey).map(([key, value]): Pair => [transientPrefix + key, value]),
    ...metainfo.persistent.filter(carried).map(([key, value]): Pair => [persistentPrefix + key, value]),
  ]
  return token === undefined ? { strings } : { strings, aclToken: token[1] }
}

/** Metainfo of a request, in wire order. */
export function metainfoFromHeader(header: HeaderInfo): ReceivedMetainfo {
  const transient: Pair[] = header.aclToken === undefined || header.aclToken === '' ? [] : [[aclKey, header.aclToken]]
  const persistent: Pair[] = []
  const upstream: Pair[] = []
  for (const [key, value] of header.strings) {
    if (value === '') continue
    if (key.startsWith(upstreamPrefix)) keep(upstream, key.slice(upstreamPrefix.length), value)
    else if (key.startsWith(transientPrefix)) keep(transient, key.slice(transientPrefix.length), value)
    else if (key.startsWith(persistentPrefix)) keep(persistent, key.slice(persistentPrefix.length), value)
  }
  return { transient, persistent, upstream }
}

/** Backward values of a reply: what its handler sent, without the framework's keys. */
export function backwardFromHeader(header: HeaderInfo): readonly Pair[] {
  return header.strings.filter(([key]) => !frameworkStringKeys.has(key) && !key.startsWith('PV_'))
}

/** The last value of a string key, as Kitex's map keeps it. */
export function headerString(header: HeaderInfo, key: string): string | undefined {
  const { strings } = header
  // Asked several times a call, most often in vain.
  for (let n = strings.length - 1; n >= 0; n--) if (strings[n]?.[0] === key) return strings[n]?.[1]
  return undefined
}

/** The last value of an integer key. */
export function headerInt(header: HeaderInfo, key: number): string | undefined {
  return header.ints.findLast(([id]) => id === key)?.[1]
}

function keep(pairs: Pair[], key: string, value: string): void {
  if (key !== '') pairs.push([key, value])
}
