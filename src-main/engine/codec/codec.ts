// Values and bytes of one method. A codec knows the IDL and nothing of frames, headers or sockets: what it makes is one whole
// message (message begin, args or result struct), what it reads is one whole message that a transport has cut out.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import type { CodecName } from '../../../shared/model/protocol.ts'

export type { CodecName }

/**
 * `message`: a head with method and sequence id before the arguments, as Thrift and Kitex Protobuf have it. `bare`: the arguments alone,
 * because the transport names the method (gRPC, TTHeader Streaming, Connect). A bare Thrift unary call is its args or result struct; a bare
 * message of a streaming method is the message's own struct (kitex.md 1.10).
 */
export type Envelope = 'message' | 'bare'

export type Direction = 'request' | 'reply'

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
  /** Undefined in a bare envelope. */
  readonly head: MessageHead | undefined
  /** The arguments as JSON text, in the body form of cli.md. */
  readonly json: string
  readonly warnings: readonly ErrorData[]
}

/** What a reply message said. `void` replies have the JSON text `null`. */
export type DecodedReply =
  | { readonly kind: 'reply'; readonly head: MessageHead | undefined; readonly json: string; readonly warnings: readonly ErrorData[] }
  | { readonly kind: 'declared-exception'; readonly head: MessageHead | undefined; readonly type: string; readonly field: string; readonly json: string }
  | { readonly kind: 'remote-exception'; readonly head: MessageHead | undefined; readonly typeId: number; readonly message: string }

/** What a mock answers with. */
export type ReplySource =
  | { readonly kind: 'reply'; readonly json: string }
  | { readonly kind: 'declared-exception'; readonly type: string; readonly json: string }
  | { readonly kind: 'remote-exception'; readonly typeId: number; readonly message: string }
  /** An empty result struct, as Kitex sends beside a business error. */
  | { readonly kind: 'empty' }

/** Compiled once per method and envelope; every function throws KiteError. Of a streaming method each function is about one message. */
export interface MethodCodec {
  /** In a bare envelope sequence ids are not written. */
  readonly envelope: Envelope
  /** Body text to a whole call message. Errors say line, column and path in the body; what is accepted but doubtful goes to `onWarning`. */
  encodeRequest(json: string, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer
  decodeRequest(message: Buffer, format?: ValueFormat): DecodedRequest
  encodeReply(reply: ReplySource, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer
  decodeReply(message: Buffer, format?: ValueFormat): DecodedReply
  /**
   * Explains a message field by field; `offset` is where it begins in the frame, `direction` which way it went where no head tells (default: request).
   * Never throws: what cannot be read is a node of kind `unknown`.
   */
  explain(message: Buffer, offset: number, direction?: Direction): readonly ByteNode[]
}

export interface MethodOptions {
  readonly limits?: DecodeLimits
  /** Default: `message`. */
  readonly envelope?: Envelope
}

export interface PayloadCodec {
  readonly name: CodecName
  /** Compiles, or returns what was compiled before for the very same descriptors. */
  forMethod(idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, options?: MethodOptions): MethodCodec
  /** Reads a message head without any IDL; undefined when these bytes are no such message. */
  peekHead(message: Buffer): MessageHead | undefined
  /** Explains a message without any IDL. */
  explain(message: Buffer, offset: number, envelope?: Envelope): readonly ByteNode[]
  /** A measure of unframed messages, where the codec's messages tell their own end (the shape is `MessageMeter` of the transports). */
  createMeter?(): (bytes: Buffer, offset: number, atLeast?: (length: number) => void) => number | undefined
  /** Any named type alone, as `kite encode` and `kite decode` have it: a struct or message by name, `Service/Method#args` or `#result`. */
  encodeType(idl: IdlSet, type: string, json: string, onWarning?: (warning: ErrorData) => void): Buffer
  decodeType(idl: IdlSet, type: string, bytes: Buffer, format?: ValueFormat): { readonly json: string; readonly warnings: readonly ErrorData[] }
}

/** What a codec is made with. */
export interface CodecOptions {
  /** Bytes of `{"$file": path}` in a body; absent: such a body is refused. */
  readonly readFile?: (path: string) => Buffer
  readonly limits?: DecodeLimits
}
