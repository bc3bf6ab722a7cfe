// Encoding, decoding and explaining for their own sake, as hosts ask for it. It stands beside the codec, not in it, because a whole
// frame is explained by transport and codec together, and those two do not know each other.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ErrorData } from '../../shared/base/error.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { CodecName, MessageHead, MethodCodec, PayloadCodec, ValueFormat } from './codec/codec.ts'
import { createCodec } from './codec/codecs.ts'
import type { ExplainedFrame, ExplainOptions } from './explained-frame.ts'
import { isHttp2 } from './transport/http2/is-http2.ts'
import { isStreamFrame } from './transport/ttstream/is-stream-frame.ts'

export type { ExplainedFrame, ExplainOptions }

/** Types are named as `kite encode --type` does: a struct or message, `Service/Method#args` or `Service/Method#result`. */
export interface CodecArea {
  /** `codec` `auto`: Protobuf where the IDL is nothing else, else Thrift Binary. */
  encode(idl: IdlSet, type: string, json: string, codec?: CodecName | 'auto'): Promise<{ readonly bytes: Buffer; readonly warnings: readonly ErrorData[] }>
  decode(idl: IdlSet, type: string, bytes: Buffer, options?: { readonly codec?: CodecName | 'auto'; readonly format?: ValueFormat }): Promise<{ readonly json: string; readonly warnings: readonly ErrorData[] }>
  /** Explains a frame of any transport; with a codec named, bytes that are no frame are a message or a bare payload of it. */
  explainFrame(raw: Buffer, idl?: IdlSet, options?: ExplainOptions): Promise<ExplainedFrame>
}

export function createCodecArea(baseDir: string): CodecArea {
  return {
    async encode(idl, type, json, codec = 'auto') {
      const warnings: ErrorData[] = []
      const payload = await createCodec(named(idl, codec), { readFile: (path) => readFileSync(resolve(baseDir, path)) })
      return { bytes: payload.encodeType(idl, type, json, (warning) => warnings.push(warning)), warnings }
    },
    async decode(idl, type, bytes, { codec = 'auto', format } = {}) {
      return (await createCodec(named(idl, codec))).decodeType(idl, type, bytes, format)
    },
    explainFrame,
  }
}

const named = (idl: IdlSet, codec: CodecName | 'auto'): CodecName => (codec !== 'auto' ? codec : idl.files.some(({ kind }) => kind === 'thrift') ? 'thrift-binary' : 'protobuf')

const explainFrame: CodecArea['explainFrame'] = async (raw, idl, options = {}) => {
  const { method, codec = 'auto', format } = options
  if (isStreamFrame(raw)) return (await import('./explain-stream.ts')).explainStream(raw, idl, options)
  if (isHttp2(raw)) return (await import('./explain-http2.ts')).explainHttp2(raw, idl, options)
  const { explainFrame: explainOuter } = await import('./transport/explain.ts')
  const { nodes, messageOffset, transport } = explainOuter(raw)
  if (messageOffset === undefined) return codec === 'auto' ? { transport, head: undefined, nodes, json: undefined, warnings: [], error: undefined } : explainBare(raw, codec)
  const message = raw.subarray(messageOffset)
  const payload = await createCodec(codec === 'auto' ? codecOf(message) : codec)
  const head = payload.peekHead(message)
  const name = method ?? head?.method
  const ofMethod = idl === undefined || name === undefined ? undefined : await methodCodec(payload, idl, name, method !== undefined)
  const inner = ofMethod === undefined ? payload.explain(message, messageOffset, 'message') : ofMethod.explain(message, messageOffset)
  const read = await attempt(messageOffset, () => (ofMethod === undefined || head === undefined ? withoutIdl(payload, message) : readMessage(ofMethod, head, message, format)))
  return { transport, head, nodes: [...nodes, ...inner], ...read }
}

/** No frame of ours around them: a payload alone, as a log or a gRPC capture has it. */
async function explainBare(raw: Buffer, codec: CodecName): Promise<ExplainedFrame> {
  const payload = await createCodec(codec)
  const head = payload.peekHead(raw)
  return { transport: undefined, head, nodes: payload.explain(raw, 0, head === undefined ? 'bare' : 'message'), json: undefined, warnings: [], error: undefined }
}

/** Thrift's strict version word, Compact's protocol id, Kitex's Protobuf word (kitex.md 1.2, 1.7). */
function codecOf(message: Buffer): CodecName {
  if (message[0] === 0x82) return 'thrift-compact'
  return message[0] === 0x90 && message[1] === 0x01 ? 'protobuf' : 'thrift-binary'
}

/** A method named by the caller must exist; one named by the bytes may be of another IDL. */
async function methodCodec(payload: PayloadCodec, idl: IdlSet, name: string, isGiven: boolean): Promise<MethodCodec | undefined> {
  const { findMethod } = await import('./idl/find-method.ts')
  const { KiteError } = await import('../../shared/base/error.ts')
  const found = findMethod(idl, name)
  if (found.ok) return payload.forMethod(idl, found.value.service, found.value.method)
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

/** Without an IDL only a message that tells its own end can be found broken. */
function withoutIdl(payload: PayloadCodec, message: Buffer): Read {
  payload.createMeter?.()(message, 0)
  return { json: undefined, warnings: [] }
}

function readMessage(codec: MethodCodec, head: MessageHead, message: Buffer, format: ValueFormat | undefined): Read {
  if (head.type === 'call' || head.type === 'oneway') return codec.decodeRequest(message, format)
  const reply = codec.decodeReply(message, format)
  if (reply.kind === 'reply') return reply
  return { json: reply.kind === 'remote-exception' ? JSON.stringify({ message: reply.message, type: reply.typeId }) : reply.json, warnings: [] }
}
