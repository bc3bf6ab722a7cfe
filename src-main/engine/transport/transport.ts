// Frames and connections. A transport moves whole messages and their header pairs; it knows neither IDL nor values.
// Where an unframed message ends only its codec can tell, so that one function (`MessageMeter`) is handed in.

import type { ConnectionDecision } from '../../../shared/model/chain.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'

export const transportNames = ['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const
export type TransportName = (typeof transportNames)[number]

/** TTHeader's info sections as ordered pairs (kitex.md 1.5); empty for Buffered and Framed. */
export interface HeaderInfo {
  readonly strings: readonly Pair[]
  readonly ints: readonly (readonly [key: number, value: string])[]
  /** Section 0x11. */
  readonly aclToken?: string
}

export const noHeader: HeaderInfo = { strings: [], ints: [] }

export interface OutgoingMessage {
  readonly transport: TransportName
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
  /** The message, without frame and header. */
  readonly message: Buffer
  /** The whole frame as it came. */
  readonly raw: Buffer
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
  /** Undefined for oneway. */
  readonly reply?: IncomingMessage
  readonly marks: ExchangeMarks
}

/** A connection held for one call. */
export interface Lease {
  readonly facts: ConnectionFacts
  /** Sends and, unless oneway, waits for the reply with the same sequence id. Aborting destroys the socket (mux: abandons the sequence id). */
  exchange(message: OutgoingMessage, options: { readonly oneway: boolean; readonly meter: MessageMeter; readonly maxFrameBytes: number }, signal: AbortSignal): Promise<Exchange>
  /** Back to the pool, or closed when `reusable` is false or the pool is short. */
  release(reusable: boolean): void
}

export interface PoolOptions {
  readonly maxIdlePerAddress: number
  readonly maxTotalPerAddress: number
  readonly idleTimeoutMs: number
}

export interface ConnectionPool {
  readonly kind: 'short' | 'long' | 'mux'
  /** Throws KiteError of code `get_connection`: refused, timed out, unresolvable, too many. */
  acquire(address: string, connectTimeoutMs: number, signal: AbortSignal): Promise<Lease>
  /** Closes what is idle for an address that discovery removed. */
  forget(address: string): void
  dispose(): void
}

/** Explains a frame's own bytes (lengths, header, info), leaving the message to its codec. */
export type FrameExplainer = (raw: Buffer) => { readonly nodes: readonly ByteNode[]; readonly messageOffset: number | undefined; readonly transport: TransportName | undefined }
