// Frames and connections. A transport moves whole messages and their header pairs; it knows neither IDL nor values.
// Where an unframed message ends only its codec can tell, so that one function (`MessageMeter`) is handed in. Two ways lead over a
// connection: `exchange` for one message each way, and `open` for a stream, whose open, send, receive and close are the same four steps one by one.

import type { ConnectionOptions } from 'node:tls'
import type { ErrorData } from '../../../shared/base/error.ts'
import type { ConnectionDecision } from '../../../shared/model/chain.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import type { CodecName, Compression, PoolKind, TransportName } from '../../../shared/model/protocol.ts'

export type { TransportName }

/** Those that frame a message with a head of its own over a plain socket. */
export const transportNames = ['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const
export type FramedTransport = (typeof transportNames)[number]

/** What goes beside a message, as ordered pairs. Of TTHeader its info sections (kitex.md 1.5), of HTTP and gRPC the headers in `strings`, repeated names too. */
export interface HeaderInfo {
  readonly strings: readonly Pair[]
  readonly ints: readonly (readonly [key: number, value: string])[]
  /** Section 0x11. */
  readonly aclToken?: string
}

export const noHeader: HeaderInfo = { strings: [], ints: [] }

/** What a transport that names the method itself has to know of a call. */
export interface CallRoute {
  /** IDL service name; of Protobuf with its package. */
  readonly service: string
  readonly method: string
  readonly codec: CodecName
  /** Of the IDL; with the codec it tells gRPC's content type and Connect's. */
  readonly language: 'thrift' | 'proto' | 'none'
  readonly compress: Compression
  /** What is left of the RPC timeout when this is sent, in ms, for protocols that tell the server; 0: none. */
  readonly timeoutMs: number
  readonly http: HttpRoute
}

export interface HttpRoute {
  readonly path: string
  readonly version: 'auto' | '1.1' | '2'
  readonly redirects: number
  readonly body: 'auto' | 'json' | 'form' | 'multipart' | 'raw'
  readonly dialect: 'jsonrpc-2.0' | 'kite'
  /** `:authority` and `Host`; the dialled address where absent. */
  readonly authority?: string
}

export const noRoute: HttpRoute = { path: '', version: 'auto', redirects: 5, body: 'auto', dialect: 'jsonrpc-2.0' }

/** Bytes of one direction with what the transport knows of them; where a message stands, its codec explains on. */
export interface Captured {
  readonly bytes: Buffer
  readonly nodes: readonly ByteNode[]
  /** Whole messages within `bytes`. One that was compressed or cut over several frames stands in `message` instead, and `start` and `end` are where it came from. */
  readonly messages: readonly { readonly start: number; readonly end: number; readonly message?: Buffer }[]
}

export interface OutgoingMessage {
  readonly transport: TransportName
  /** Absent for the framed transports, whose messages name their method. */
  readonly route?: CallRoute
  readonly seqId: number
  readonly header: HeaderInfo
  /** One whole message as a codec made it. */
  readonly message: Buffer
}

export interface IncomingMessage {
  /** What the bytes were, which may differ from what was asked. */
  readonly transport: TransportName
  readonly header: HeaderInfo
  /** From the TTHeader where there is one. */
  readonly headerSeqId?: number
  /** Pairs after the message, in order. */
  readonly trailer?: readonly Pair[]
  /** What the protocol's own status said where it was no success (grpc-status, HTTP status, JSON-RPC error, TTHeader Streaming's trailer); the message is then often empty. */
  readonly fault?: ErrorData
  /** `raw` explained, where the frame cannot be explained from its bytes alone (HTTP/2's compressed headers). */
  readonly captured?: Captured
  /** The message, without frame and header. */
  readonly message: Buffer
  /** The whole frame as it came; of HTTP/2 what was kept of the stream's frames, which `rawBytes` counts. */
  readonly raw: Buffer
  /** Bytes that came, where `raw` was cut. */
  readonly rawBytes?: number
  /** Where `message` begins in `raw`. */
  readonly messageOffset: number
}

/**
 * Length in bytes of the message that begins at `offset`, or undefined while more bytes are needed. `atLeast` is then told how long it
 * will be at least, which spares asking again before so much has come. Throws KiteError when these bytes can never become a message.
 */
export type MessageMeter = (bytes: Buffer, offset: number, atLeast?: (length: number) => void) => number | undefined

/** Facts of the connection that carried an attempt, as the call record keeps them. */
export type ConnectionFacts = Omit<ConnectionDecision, 'kind'>

export interface ExchangeMarks {
  /** All in milliseconds of the monotonic clock (`performance.now()`). */
  readonly writeStart: number
  readonly writeFinish: number
  /** First byte of the reply; undefined for oneway. */
  readonly readStart?: number
  readonly readFinish?: number
}

export interface Exchange {
  readonly sent: Buffer
  /** Bytes that went, where `sent` was cut. */
  readonly sentBytes?: number
  /** `sent` explained, as in {@link IncomingMessage.captured}. */
  readonly sentCaptured?: Captured
  /** Undefined for oneway. */
  readonly reply?: IncomingMessage
  readonly marks: ExchangeMarks
}

export interface ExchangeOptions {
  readonly oneway: boolean
  readonly meter: MessageMeter
  readonly maxFrameBytes: number
  /** Keep what is needed to explain the bytes; default: true. */
  readonly capture?: boolean
}

/** How a stream begins. */
export interface StreamOpening {
  readonly transport: TransportName
  readonly route: CallRoute
  readonly header: HeaderInfo
  readonly maxMessageBytes: number
  /** Keep the first bytes of both directions, explained. */
  readonly capture: boolean
  /** Name of whoever calls, for protocols that tell the server along which path a stream was cancelled. */
  readonly caller?: string
}

/** What came on a stream, in order. */
export type StreamPart =
  | { readonly kind: 'header'; readonly header: HeaderInfo }
  /** `wireBytes`: as it travelled, before decompression. */
  | { readonly kind: 'message'; readonly message: Buffer; readonly wireBytes: number; readonly compressed: boolean }
  /** The peer's end of the stream, and nothing comes after it. `fault`: what its status said, or why the stream broke (reset, GOAWAY, closed). */
  | { readonly kind: 'trailer'; readonly header: HeaderInfo; readonly fault?: ErrorData }

/** A stream of messages on a leased connection. */
export interface MessageStream {
  /**
   * Sends one message; resolves once flow control has taken it (at most one flow-control window waits in memory), with how long that took in ms.
   * Rejects with KiteError when the stream is over.
   */
  send(message: Buffer): Promise<number>
  /** Nothing more will be sent. */
  closeSend(): Promise<void>
  /** The next parts, at least one; an empty list after the trailer. While nobody asks, the peer is held back as far as the protocol can. */
  receive(): Promise<readonly StreamPart[]>
  /** Ends both directions at once and tells the peer why, where the protocol can. */
  cancel(reason: string): void
  /** What was captured so far. */
  captured(): { readonly sent: Captured; readonly received: Captured } | undefined
}

/** What a kind of connection can do. */
export interface Capabilities {
  readonly exchange: boolean
  readonly streams: boolean
  /** The peer learns that nothing more will be sent. */
  readonly halfClose: boolean
  /** A slow reader holds the peer back without closing the socket's own window for others. */
  readonly flowControl: boolean
}

/** TLS of a connection, made from the user's files by `secure.ts`. */
export interface Secure {
  /** Tells apart what must not share a connection. */
  readonly id: string
  readonly options: ConnectionOptions
  readonly insecure: boolean
}

/** A connection held for one call. */
export interface Lease {
  readonly facts: ConnectionFacts
  readonly can: Capabilities
  /** Sends and, unless oneway, waits for the reply with the same sequence id. Aborting destroys the socket (mux: abandons the sequence id). */
  exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange>
  /** Opens a stream; where `can.streams` is false it rejects with `unsupported`. Aborting the signal resets the stream. */
  open(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream>
  /** Back to the pool, or closed when `reusable` is false or the pool is short. */
  release(reusable: boolean): void
}

export interface PoolOptions {
  readonly maxIdlePerAddress: number
  readonly maxTotalPerAddress: number
  readonly idleTimeoutMs: number
}

export interface ConnectionPool {
  readonly kind: PoolKind
  /** Throws KiteError of code `get_connection`: refused, timed out, unresolvable, too many, TLS refused. */
  acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease>
  /** Closes what is idle for an address that discovery removed. */
  forget(address: string): void
  dispose(): void
}

/** Explains a frame's own bytes (lengths, header, info), leaving the message to its codec. */
export type FrameExplainer = (raw: Buffer) => { readonly nodes: readonly ByteNode[]; readonly messageOffset: number | undefined; readonly transport: TransportName | undefined }
