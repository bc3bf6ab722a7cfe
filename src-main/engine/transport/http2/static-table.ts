// HPACK's static table (RFC 7541 appendix A): header fields that both sides know by number from the start.

import type { Pair } from '../../../../shared/model/metainfo.ts'

/** Index 1 stands first. */
export const staticTable: readonly Pair[] = [
  [':authority', ''], [':method', 'GET'], [':method', 'POST'], [':path', '/'], [':path', '/index.html'], [':scheme', 'http'], [':scheme', 'https'],
  [':status', '200'], [':status', '204'], [':status', '206'], [':status', '304'], [':status', '400'], [':status', '404'], [':status', '500'],
  ['accept-charset', ''], ['accept-encoding', 'gzip, deflate'], ['accept-language', ''], ['accept-ranges', ''], ['accept', ''],
  ['access-control-allow-origin', ''], ['age', ''], ['allow', ''], ['authorization', ''], ['cache-control', ''], ['content-disposition', ''],
  ['content-encoding', ''], ['content-language', ''], ['content-length', ''], ['content-location', ''], ['content-range', ''], ['content-type', ''],
  ['cookie', ''], ['date', ''], ['etag', ''], ['expect', ''], ['expires', ''], ['from', ''], ['host', ''], ['if-match', ''], ['if-modified-since', ''],
  ['if-none-match', ''], ['if-range', ''], ['if-unmodified-since', ''], ['last-modified', ''], ['link', ''], ['location', ''], ['max-forwards', ''],
  ['proxy-authenticate', ''], ['proxy-authorization', ''], ['range', ''], ['referer', ''], ['refresh', ''], ['retry-after', ''], ['server', ''],
  ['set-cookie', ''], ['strict-transport-security', ''], ['transfer-encoding', ''], ['user-agent', ''], ['vary', ''], ['via', ''], ['www-authenticate', ''],
]

/** Index of a whole field, keyed by name, then value. */
export const staticFields: ReadonlyMap<string, ReadonlyMap<string, number>> = fields()

/** The first index that bears a name. */
export const staticNames: ReadonlyMap<string, number> = new Map([...staticFields].map(([name, values]) => [name, Math.min(...values.values())]))

function fields(): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>()
  staticTable.forEach(([name, value], at) => {
    const values = found.get(name) ?? new Map<string, number>()
    found.set(name, values.set(value, at + 1))
  })
  return found
}
