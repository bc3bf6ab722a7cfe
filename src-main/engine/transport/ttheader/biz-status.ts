// Business errors ride on TTHeader's string pairs beside an ordinary, empty reply (K pkg/transmeta/ttheader.go).

import { fail } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { HeaderInfo } from '../transport.ts'
import { stringKey } from './keys.ts'
import { headerString } from './metainfo.ts'

/** A business error as Kitex's BizStatusErrorIface has it. */
export interface BizStatus {
  readonly status: number
  readonly message: string
  readonly extra: Readonly<Record<string, string>>
}

/** The pairs that Kitex's ServerTTHeaderHandler writes for a business error. */
export function bizStatusToStrings(biz: BizStatus): readonly Pair[] {
  const pairs: Pair[] = [
    [stringKey.bizStatus, String(biz.status)],
    [stringKey.bizMessage, biz.message],
  ]
  return Object.keys(biz.extra).length === 0 ? pairs : [...pairs, [stringKey.bizExtra, escapedJson(biz.extra)]]
}

/** The business error of a reply; status 0 and no status are none. Throws KiteError when the pairs cannot be read. */
export function bizStatusFromHeader(header: HeaderInfo): BizStatus | undefined {
  const text = headerString(header, stringKey.bizStatus)
  if (text === undefined || text === '0') return undefined
  if (!/^-?\d{1,10}$/.test(text)) throw fail('remote_or_network', 'frame', 'transport.bizStatusNotANumber', { value: text })
  return { status: Number(text), message: headerString(header, stringKey.bizMessage) ?? '', extra: extraOf(headerString(header, stringKey.bizExtra)) }
}

function extraOf(json: string | undefined): Readonly<Record<string, string>> {
  if (json === undefined || json === '') return {}
  const value = parse(json)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('remote_or_network', 'frame', 'transport.bizExtraNotAnObject', { value: json.slice(0, 200) })
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** JSON with HTML escaped, as Go's encoders and sonic write it. */
function escapedJson(value: Readonly<Record<string, string>>): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
