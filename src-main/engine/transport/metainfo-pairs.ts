// How metainfo and the user's headers travel, by transport: Kitex's metahandlers WriteMeta and ReadMeta (pkg/transmeta), its HTTP and gRPC key
// conversion (bytedance/gopkg cloud/metainfo/http.go), and traceparent as a header of its own, which every OpenTelemetry server reads.

import type { ErrorData } from '../../../shared/base/error.ts'
import { fail } from '../../../shared/base/error.ts'
import type { Metainfo, Pair } from '../../../shared/model/metainfo.ts'
import { bizStatusFromHeader } from './ttheader/biz-status.ts'
import { intKey, stringKey } from './ttheader/keys.ts'
import { backwardFromHeader, metainfoToHeader } from './ttheader/metainfo.ts'
import { noHeader, type HeaderInfo, type TransportName } from './transport.ts'

/** What the header of a call tells beside its message. */
export interface CallFacts {
  readonly from: string
  readonly to: string
  readonly service: string
  readonly method: string
  readonly oneway: boolean
  /** 0: none was asked for. */
  readonly timeoutMs: number
  readonly metainfo: Metainfo
  readonly headers: readonly Pair[]
}

type Writer = (facts: CallFacts, transport: TransportName) => HeaderInfo

/** What came beside a reply, read. */
export interface ReadMeta {
  readonly backward: readonly Pair[]
  readonly biz?: NonNullable<ErrorData['biz']>
}

const nothingRead: ReadMeta = { backward: [] }

/** The header of a call; empty where the transport has none. */
export const writeMetainfo = (transport: TransportName, facts: CallFacts): HeaderInfo => writers[transport](facts, transport)

/** Backward values and business error of a reply. Throws KiteError when its pairs cannot be read. */
export function readMetainfo(transport: TransportName, header: HeaderInfo): ReadMeta {
  if ((transport !== 'ttheader' && transport !== 'ttheader-framed') || header.strings.length === 0) return nothingRead
  const backward = backwardFromHeader(header)
  const biz = bizStatusFromHeader(header)
  return biz === undefined ? { backward } : { backward, biz }
}

/** Keys as ClientTTHeaderHandler writes them; int 12 only where the user set a timeout. */
const ttheader: Writer = (facts, transport) => {
  const meta = metainfoToHeader(facts.metainfo)
  const ints: (readonly [number, string])[] = [
    [intKey.fromService, facts.from],
    [intKey.fromMethod, ''],
    [intKey.toService, facts.to],
    [intKey.toMethod, facts.method],
    [intKey.msgType, facts.oneway ? '4' : '1'],
    [intKey.transportType, transport === 'ttheader-framed' ? 'framed' : 'unframed'],
  ]
  if (facts.timeoutMs > 0) ints.push([intKey.rpcTimeout, String(Math.max(1, Math.round(facts.timeoutMs)))])
  const strings: readonly Pair[] = [[stringKey.service, idlServiceName(facts.service)], ...meta.strings]
  return { ...meta, strings: facts.headers.length === 0 ? strings : [...strings, ...facts.headers], ints }
}

/** Kitex names a Protobuf service without its package; by another name a server that has several may take the wrong one, or none. */
const idlServiceName = (service: string): string => service.slice(service.lastIndexOf('.') + 1)

/** The Header frame of TTHeader Streaming carries no ints but its own. */
const ttheaderStreaming: Writer = ({ service, metainfo, headers }) => (
  { strings: [[stringKey.service, service], ...metainfoToHeader(metainfo).strings, ...headers], ints: [] })

/** A call that no IDL describes goes to no Kitex service: traceparent alone is enough there. */
const http: Writer = ({ service, metainfo: { transient, persistent }, headers }) => {
  const strings: Pair[] = []
  const traceparent = transient.findLast(([key]) => key === 'traceparent')
  if (traceparent !== undefined && !headers.some(([name]) => name.toLowerCase() === 'traceparent')) strings.push(traceparent)
  for (const [key, value] of transient) if (service !== '' || key !== 'traceparent') addPair(strings, 'rpc-transit-', key, value)
  for (const [key, value] of persistent) addPair(strings, 'rpc-persist-', key, value)
  return { strings: [...strings, ...headers], ints: [] }
}

/** The user's headers alone. */
const headersOnly: Writer = ({ headers }) => (headers.length === 0 ? noHeader : { strings: headers, ints: [] })

const writers: Readonly<Record<TransportName, Writer>> = {
  buffered: () => noHeader,
  framed: () => noHeader,
  ttheader,
  'ttheader-framed': ttheader,
  'ttheader-streaming': ttheaderStreaming,
  grpc: http,
  'grpc-web': http,
  connect: http,
  http,
  'jsonrpc-ws': headersOnly,
}

/** CGIVariableToHTTPHeader: lower case, `_` becomes `-`; what is then no header name is an error here, where Kitex drops it silently. */
function addPair(strings: Pair[], prefix: string, key: string, value: string): void {
  if (key === '' || value === '') return
  const name = key.toLowerCase().replaceAll('_', '-')
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw fail('usage', 'frame', 'transport.metainfoKey', { key })
  strings.push([prefix + name, value])
}
