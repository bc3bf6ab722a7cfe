// Values and bytes of one method. A codec knows the IDL and nothing of frames, headers or sockets: what it makes is one whole
// message (message begin, args or result struct), what it reads is one whole message that a transport has cut out.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'

export type CodecName = 'thrift-binary'

/** How values are shown (cli.md "Values as JSON"). */
export interface ValueFormat {
  readonly int64: 'number' | 'string'
  readonly enums: 'name' | 'number'
  readonly binary: 'base64' | 'hex' | 'utf8'
  /** Adds unset optional and absent default fields. */
  readonly defaults: boolean
}

export const plainFormat: ValueFormat = { int64: 'number', enums: 'name', binary: 'base64', defaults: false }

/** Against hostile bytes; each breach is an error with byte offset and field path. */
export interface DecodeLimits {
  readonly maxDepth: number
  /** Elements plus bytes that decoding one message may allocate. */
  readonly budgetBytes: number
}

export interface MessageHead {
  readonly type: 'call' | 'reply' | 'exception' | 'oneway'
  readonly method: string
  readonly seqId: number
  /** Bytes that the head takes. */
  readonly length: number
}

export interface DecodedRequest {
  readonly head: MessageHead
  /** The arguments as JSON text, in the body form of cli.md. */
  readonly json: string
  readonly warnings: readonly ErrorData[]
}

/** What a reply message said. `void` replies have the JSON text `null`. */
export type DecodedReply =
  | { readonly kind: 'reply'; readonly head: MessageHead; readonly json: string; readonly warnings: readonly ErrorData[] }
  | { readonly kind: 'declared-exception'; readonly head: MessageHead; readonly type: string; readonly field: string; readonly json: string }
  | { readonly kind: 'remote-exception'; readonly head: MessageHead; readonly typeId: number; readonly message: string }

/** What a mock answers with. */
export type ReplySource =
  | { readonly kind: 'reply'; readonly json: string }
  | { readonly kind: 'declared-exception'; readonly type: string; readonly json: string }
  | { readonly kind: 'remote-exception'; readonly typeId: number; readonly message: string }
  /** An empty result struct, as Kitex sends beside a business error. */
  | { readonly kind: 'empty' }

/** Compiled once per method; every function throws KiteError. */
export interface MethodCodec {
  /** Body text to a whole call message. Errors say line, column and path in the body; what is accepted but doubtful goes to `onWarning`. */
  encodeRequest(json: string, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer
  decodeRequest(message: Buffer, format?: ValueFormat): DecodedRequest
  encodeReply(reply: ReplySource, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer
  decodeReply(message: Buffer, format?: ValueFormat): DecodedReply
  /** Explains a message field by field; `offset` is where it begins in the frame. Never throws: what cannot be read is a node of kind `unknown`. */
  explain(message: Buffer, offset: number): readonly ByteNode[]
}

export interface PayloadCodec {
  readonly name: CodecName
  /** Compiles, or returns what was compiled before for the very same descriptors. */
  forMethod(idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, limits?: DecodeLimits): MethodCodec
  /** Reads a message head without any IDL; undefined when these bytes are no such message. */
  peekHead(message: Buffer): MessageHead | undefined
  /** Explains a message without any IDL. */
  explain(message: Buffer, offset: number): readonly ByteNode[]
}
