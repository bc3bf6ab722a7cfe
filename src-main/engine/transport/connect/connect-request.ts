// The request of a Connect call: what unary calls and streams share, and where their headers differ.

import { fail } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { encodeMetadata } from '../grpc/metadata.ts'
import { methodPath } from '../grpc-web/grpc-web.ts'
import type { HttpRequestParts } from '../http/types.ts'
import type { CallRoute, HeaderInfo } from '../transport.ts'

/** At most ten digits may stand in the timeout. */
const maxTimeoutMs = 9_999_999_999

/** The request with its body; `isStream`: envelopes, whose compression has headers of its own. Throws KiteError for metadata that cannot be sent. */
export function connectRequest(route: CallRoute, header: HeaderInfo, body: Buffer, isStream: boolean): HttpRequestParts {
  const format = route.codec === 'json' ? 'json' : 'proto'
  const prefix = isStream ? 'Connect-' : ''
  const headers: readonly Pair[] = [
    ['Content-Type', isStream ? `application/connect+${format}` : `application/${format}`],
    ['Connect-Protocol-Version', '1'],
    ['User-Agent', 'kite-console'],
    [`${prefix}Accept-Encoding`, 'gzip, zstd'],
    ...(route.compress === 'none' ? [] : [[`${prefix}Content-Encoding`, route.compress] satisfies Pair]),
    ...(route.timeoutMs > 0 ? [['Connect-Timeout-Ms', String(Math.min(Math.ceil(route.timeoutMs), maxTimeoutMs))] satisfies Pair] : []),
    ...metadata(header),
  ]
  const { authority } = route.http
  return { method: 'POST', path: methodPath(route), headers, body, ...(authority === undefined ? {} : { authority }) }
}

function metadata({ strings }: HeaderInfo): readonly Pair[] {
  const reserved = strings.find(([name]) => name.toLowerCase().startsWith('connect-'))
  if (reserved !== undefined) throw fail('usage', 'usage', 'grpc.metadataReserved', { name: reserved[0] }, { hint: { key: 'grpc.metadataReservedHint' } })
  return encodeMetadata(strings)
}
