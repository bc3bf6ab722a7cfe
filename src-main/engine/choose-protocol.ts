// From what a request asks for to what will be spoken: transport, codec and pool, each checked against the table of protocols before anything is
// dialled. What does not fit is an error that says what would.

import type { ErrorData } from '../../shared/base/error.ts'
import { fail, type KiteError } from '../../shared/base/error.ts'
import { hasRoute } from '../../shared/logic/scheme-transport.ts'
import type { CallRequest } from '../../shared/model/call.ts'
import type { MethodDescriptor } from '../../shared/model/idl.ts'
import { defaultTransport, protocolOf, protocolsFor, type CodecName, type IdlLanguage, type PoolKind, type Protocol, type TransportName } from '../../shared/model/protocol.ts'

export interface Chosen {
  readonly protocol: Protocol
  readonly codec: CodecName
  readonly pool: PoolKind
  readonly warnings: readonly ErrorData[]
}

/** What is to be called. */
export interface Callee {
  readonly language: IdlLanguage
  readonly method: MethodDescriptor
}

/** `found` is what a probe of the port said, where `auto` was asked for. Throws KiteError `usage` or `unsupported`. */
export function chooseProtocol(request: CallRequest, callee: Callee, found?: { readonly transport: TransportName; readonly codec?: CodecName }): Chosen {
  const { language, method } = callee
  const transport = request.transport !== 'auto' ? request.transport : found?.transport ?? defaultTransport(language, method.kind)
  const protocol = protocolOf(transport)
  if (protocol.codecs[language].length === 0) throw unfit('call.transportNotForLanguage', transport, callee)
  if (!protocol.kinds.includes(method.kind)) throw unfit('call.transportNotForKind', transport, callee)
  const codec = codecOf(request, protocol, callee, found?.codec)
  if (!protocol.compress.includes(request.compress)) throw fail('usage', 'usage', 'call.transportNoCompression', { transport, compress: request.compress, choices: protocol.compress })
  return { protocol, codec, pool: poolOf(request, protocol), warnings: warningsOf(request, protocol, codec) }
}

/** What was asked for and will not happen. */
function warningsOf(request: CallRequest, { transport, headers }: Protocol, codec: CodecName): readonly ErrorData[] {
  const lost = request.headers.length > 0 && !headers ? [fail('protocol', 'frame', 'call.headersNotCarried', { transport, names: request.headers.map(([name]) => name) }).data] : []
  const unchecked = request.crossCheck && !codec.startsWith('thrift-') ? [fail('unsupported', 'codec', 'call.crossCheckThriftOnly', { codec }).data] : []
  return [...lost, ...unchecked]
}

function codecOf({ codec }: CallRequest, { transport, codecs }: Protocol, { language, method }: Callee, found: CodecName | undefined): CodecName {
  const choices = codecs[language]
  const [first] = choices
  if (codec !== 'auto') {
    if (!choices.includes(codec)) throw fail('usage', 'usage', 'call.codecNotForTransport', { codec, transport, choices })
    return codec
  }
  if (found !== undefined && choices.includes(found)) return found
  // Without a route of its own a Thrift method goes over HTTP as Apache Thrift sends it.
  if (transport === 'http' && language === 'thrift' && !hasRoute(method)) return 'thrift-binary'
  if (first === undefined) throw new Error(`believed: ${transport} carries ${language}`)
  return first
}

function poolOf({ policy: { pool } }: CallRequest, { transport, pools }: Protocol): PoolKind {
  const [first = 'short'] = pools
  if (pool === 'auto') return first
  if (!pools.includes(pool)) throw fail('usage', 'usage', 'call.poolNotForTransport', { pool, transport, choices: pools })
  return pool
}

function unfit(key: string, transport: TransportName, { language, method }: Callee): KiteError {
  const choices = protocolsFor(language, method.kind).map((one) => one.transport)
  return fail('usage', 'usage', key, { transport, language, kind: method.kind, method: method.name, choices })
}
