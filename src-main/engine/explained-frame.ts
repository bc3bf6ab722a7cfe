// What is known of bytes that somebody wants explained, and what comes of it: one form for every protocol.

import type { ErrorData } from '../../shared/base/error.ts'
import type { ByteNode } from '../../shared/model/layout.ts'
import type { CodecName, MessageHead, ValueFormat } from './codec/codec.ts'
import type { TransportName } from './transport/transport.ts'

/** A frame, or several of a stream. */
export interface ExplainedFrame {
  readonly transport: TransportName | undefined
  readonly head: MessageHead | undefined
  /** Ranges over the whole frame. */
  readonly nodes: readonly ByteNode[]
  /** The message's value as JSON text, where the IDL has its method and the bytes are whole. */
  readonly json: string | undefined
  readonly warnings: readonly ErrorData[]
  /** Why the message cannot be read to its end; the nodes show how far it could. */
  readonly error: ErrorData | undefined
}

/** What a caller may know of bytes. */
export interface ExplainOptions {
  /** Narrows which method they belong to, else the message's own name decides. */
  readonly method?: string
  /** `auto`: as the bytes themselves tell. */
  readonly codec?: CodecName | 'auto'
  readonly format?: ValueFormat
}
