// What each protocol can carry, as one table: the window offers only what fits, the command line refuses what does not, and the engine picks
// codec, envelope and pool from it. Facts: Kitex v0.16.3 (transport/keys.go, pkg/remote), the gRPC, gRPC-Web and Connect specifications.

import type { MethodKind } from './idl.ts'

/** How messages travel. The first four are frames around Thrift or Kitex Protobuf messages; `http` is HTTP/1.1 or 2 with the codec deciding the rest. */
export const transports = ['buffered', 'framed', 'ttheader', 'ttheader-framed', 'grpc', 'ttheader-streaming', 'http', 'grpc-web', 'connect', 'jsonrpc-ws'] as const
export type TransportName = (typeof transports)[number]

/** How values become bytes. */
export const codecs = ['thrift-binary', 'thrift-compact', 'protobuf', 'json'] as const
export type CodecName = (typeof codecs)[number]

export const compressions = ['none', 'gzip', 'snappy', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** What a method is described by; `none`: its name alone (plain HTTP, JSON-RPC). */
export type IdlLanguage = 'thrift' | 'proto' | 'none'

export type PoolKind = 'short' | 'long' | 'mux'

export interface Protocol {
  readonly transport: TransportName
  /** Codecs by the language of the IDL; the first is what `auto` means, none: this language cannot travel so. */
  readonly codecs: Readonly<Record<IdlLanguage, readonly CodecName[]>>
  readonly kinds: readonly MethodKind[]
  /** The first is the default. */
  readonly pools: readonly PoolKind[]
  /** `message`: the codec writes a head with method and sequence id; `bare`: the transport names the method itself. */
  readonly envelope: 'message' | 'bare'
  /** Kitex's metainfo reaches the other side. */
  readonly metainfo: boolean
  /** Ordered pairs of the user's own beside the message (`-H`). */
  readonly headers: boolean
  readonly trailers: boolean
  readonly compress: readonly Compression[]
  readonly tls: boolean
}

const thriftOnly = { thrift: ['thrift-binary', 'thrift-compact'], proto: [], none: [] } as const
const unary: readonly MethodKind[] = ['unary', 'oneway']
const everyKind: readonly MethodKind[] = ['unary', 'oneway', 'client', 'server', 'bidi']
const framed = { kinds: unary, pools: ['long', 'short', 'mux'], envelope: 'message', metainfo: false, headers: false, trailers: false, compress: ['none'], tls: true } as const

/** In the order in which they are offered. */
export const protocols: readonly Protocol[] = [
  { ...framed, transport: 'ttheader-framed', codecs: { thrift: ['thrift-binary'], proto: ['protobuf'], none: [] }, metainfo: true, headers: true },
  { ...framed, transport: 'ttheader', codecs: { thrift: ['thrift-binary'], proto: [], none: [] }, metainfo: true, headers: true },
  { ...framed, transport: 'framed', codecs: { ...thriftOnly, proto: ['protobuf'] } },
  { ...framed, transport: 'buffered', codecs: thriftOnly },
  {
    // No oneway: only Thrift has it, and a Kitex server panics on one over gRPC and answers nothing at all.
    transport: 'grpc', codecs: { thrift: ['thrift-binary'], proto: ['protobuf', 'json'], none: [] }, kinds: ['unary', 'client', 'server', 'bidi'], pools: ['mux', 'long', 'short'], envelope: 'bare',
    metainfo: true, headers: true, trailers: true, compress: ['none', 'gzip', 'snappy', 'zstd'], tls: true,
  },
  {
    // Streams alone: a Kitex server panics on one that names a unary method, and Kitex's own client sends those over TTHeader.
    transport: 'ttheader-streaming', codecs: { thrift: ['thrift-binary'], proto: [], none: [] }, kinds: ['client', 'server', 'bidi'], pools: ['mux', 'long', 'short'], envelope: 'bare',
    metainfo: true, headers: true, trailers: true, compress: ['none'], tls: true,
  },
  {
    transport: 'http', codecs: { thrift: ['json', 'thrift-binary', 'thrift-compact'], proto: ['json', 'protobuf'], none: ['json'] }, kinds: unary, pools: ['long', 'short'], envelope: 'message',
    metainfo: true, headers: true, trailers: false, compress: ['none', 'gzip', 'zstd'], tls: true,
  },
  {
    transport: 'grpc-web', codecs: { thrift: [], proto: ['protobuf', 'json'], none: [] }, kinds: ['unary', 'oneway', 'server'], pools: ['long', 'short'], envelope: 'bare',
    metainfo: true, headers: true, trailers: true, compress: ['none', 'gzip'], tls: true,
  },
  {
    transport: 'connect', codecs: { thrift: [], proto: ['protobuf', 'json'], none: [] }, kinds: ['unary', 'oneway', 'server'], pools: ['long', 'short'], envelope: 'bare',
    metainfo: true, headers: true, trailers: true, compress: ['none', 'gzip', 'zstd'], tls: true,
  },
  {
    transport: 'jsonrpc-ws', codecs: { thrift: [], proto: [], none: ['json'] }, kinds: everyKind, pools: ['mux', 'short'], envelope: 'message',
    metainfo: false, headers: true, trailers: false, compress: ['none'], tls: true,
  },
]

const byName = new Map(protocols.map((protocol) => [protocol.transport, protocol]))

/** The row of a transport. */
export function protocolOf(transport: TransportName): Protocol {
  const found = byName.get(transport)
  if (found === undefined) throw new Error(`believed: ${transport} has a row`)
  return found
}

/** The protocols that can carry a method of this language and kind. */
export const protocolsFor = (language: IdlLanguage, kind: MethodKind): readonly Protocol[] => protocols.filter((one) => one.codecs[language].length > 0 && one.kinds.includes(kind))

/** What `--transport auto` means where nothing is known of the port: what Kitex speaks for this language and kind. */
export function defaultTransport(language: IdlLanguage, kind: MethodKind): TransportName {
  if (language === 'none') return 'http'
  if (language === 'proto') return 'grpc'
  return kind === 'unary' || kind === 'oneway' ? 'ttheader-framed' : 'ttheader-streaming'
}
