// Encoding, decoding and explaining for their own sake, as hosts ask for it. It stands beside the codec, not in it, because a whole
// frame is explained by transport and codec together, and those two do not know each other.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ErrorData } from '../../shared/base/error.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { ByteNode } from '../../shared/model/layout.ts'
import type { MessageHead, MethodCodec, ValueFormat } from './codec/codec.ts'
import type { TransportName } from './transport/transport.ts'

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

/** Types are named as `kite encode --type` does: a struct, `Service/Method#args` or `Service/Method#result`. */
export interface CodecArea {
  encode(idl: IdlSet, type: string, json: string): Promise<{ readonly bytes: Buffer; readonly warnings: readonly ErrorData[] }>
  decode(idl: IdlSet, type: string, bytes: Buffer, format?: ValueFormat): Promise<{ readonly json: string; readonly warnings: readonly ErrorData[] }>
  /** Explains a frame of any transport; `method` narrows which method it belongs to, else its own name decides. */
  explainFrame(raw: Buffer, idl?: IdlSet, options?: { readonly method?: string; readonly format?: ValueFormat }): Promise<ExplainedFrame>
}

export function createCodecArea(baseDir: string): CodecArea {
  return {
    async encode(idl, type, json) {
      const { encodeNamed } = await import('./codec/convert.ts')
      const warnings: ErrorData[] = []
      const readFile = (path: string): Buffer => readFileSync(resolve(baseDir, path))
      return { bytes: encodeNamed(idl, type, json, { readFile, onWarning: (warning) => warnings.push(warning) }), warnings }
    },
    async decode(idl, type, bytes, format) {
      const { decodeNamed } = await import('./codec/convert.ts')
      return decodeNamed(idl, type, bytes, format)
    },
    explainFrame,
  }
}

const explainFrame: CodecArea['explainFrame'] = async (raw, idl, { method, format } = {}) => {
  const { explainFrame: explainOuter } = await import('./transport/explain.ts')
  const { createThriftBinary } = await import('./codec/index.ts')
  const binary = createThriftBinary()
  const { nodes, messageOffset, transport } = explainOuter(raw)
  if (messageOffset === undefined) return { transport, head: undefined, nodes, json: undefined, warnings: [], error: undefined }
  const message = raw.subarray(messageOffset)
  const head = binary.peekHead(message)
  const name = method ?? head?.method
  const codec = idl === undefined || name === undefined ? undefined : await methodCodec(idl, name, method !== undefined)
  const inner = (codec ?? binary).explain(message, messageOffset)
  const read = await attempt(messageOffset, () => (codec === undefined || head === undefined ? withoutIdl(message) : readMessage(codec, head, message, format)))
  return { transport, head, nodes: [...nodes, ...inner], ...read }
}

/** A method named by the caller must exist; one named by the bytes may be of another IDL. */
async function methodCodec(idl: IdlSet, name: string, isGiven: boolean): Promise<MethodCodec | undefined> {
  const { createThriftBinary } = await import('./codec/index.ts')
  const { findMethod } = await import('./idl/find-method.ts')
  const { KiteError } = await import('../../shared/base/error.ts')
  const found = findMethod(idl, name)
  if (found.ok) return createThriftBinary().forMethod(idl, found.value.service, found.value.method)
  if (isGiven) throw new KiteError(found.error)
  return undefined
}

type Read = Pick<ExplainedFrame, 'json' | 'warnings'>

// A broken message has its tree, whose last node says where it breaks, and the error says what was expected there.
async function attempt(messageOffset: number, read: () => Read | Promise<Read>): Promise<Read & Pick<ExplainedFrame, 'error'>> {
  const { KiteError } = await import('../../shared/base/error.ts')
  try {
    const { json, warnings } = await read()
    return { json, warnings, error: undefined }
  } catch (thrown) {
    if (!(thrown instanceof KiteError)) throw thrown
    return { json: undefined, warnings: [], error: inFrame(thrown.data, messageOffset) }
  }
}

/** The codec counts from the begin of its message, a reader of the frame from the begin of the frame. */
function inFrame(error: ErrorData, messageOffset: number): ErrorData {
  return error.at?.offset === undefined ? error : { ...error, at: { ...error.at, offset: error.at.offset + messageOffset } }
}

async function withoutIdl(message: Buffer): Promise<Read> {
  const { measureMessage } = await import('./codec/index.ts')
  measureMessage(message, 0)
  return { json: undefined, warnings: [] }
}

function readMessage(codec: MethodCodec, head: MessageHead, message: Buffer, format: ValueFormat | undefined): Read {
  if (head.type === 'call' || head.type === 'oneway') return codec.decodeRequest(message, format)
  const reply = codec.decodeReply(message, format)
  if (reply.kind === 'reply') return reply
  return { json: reply.kind === 'remote-exception' ? JSON.stringify({ message: reply.message, type: reply.typeId }) : reply.json, warnings: [] }
}
