// A frame explained whole: the transport explains its part, the codec goes on where the message begins. Beside both, since they do not know each
// other. Dumps of connections that carry streams are explained in files of their own.

import { KiteError, type ErrorData } from '../../shared/base/error.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { CodecName, MessageHead, MethodCodec, PayloadCodec, ValueFormat } from './codec/codec.ts'
import { createCodec } from './codec/codecs.ts'
import type { ExplainedFrame, ExplainOptions } from './explained-frame.ts'
import { findMethod } from './idl/find-method.ts'
import { explainFrame as explainOuter } from './transport/explain.ts'
import { isHttp2 } from './transport/http2/is-http2.ts'
import { isStreamFrame } from './transport/ttstream/is-stream-frame.ts'

/** Explains a frame of any transport; with a codec named, bytes that are no frame are a message or a bare payload of it. */
export async function explainFrame(raw: Buffer, idl?: IdlSet, options: ExplainOptions = {}): Promise<ExplainedFrame> {
  const { method, codec = 'auto', format } = options
  if (isStreamFrame(raw)) return (await import('./explain-stream.ts')).explainStream(raw, idl, options)
  if (isHttp2(raw)) return (await import('./explain-http2.ts')).explainHttp2(raw, idl, options)
  const { nodes, messageOffset, transport } = explainOuter(raw)
  if (messageOffset === undefined) return codec === 'auto' ? { transport, head: undefined, nodes, json: undefined, warnings: [], error: undefined } : explainBare(raw, codec)
  const message = raw.subarray(messageOffset)
  const payload = await createCodec(codec === 'auto' ? codecOf(message) : codec)
  const head = payload.peekHead(message)
  const name = method ?? head?.method
  const ofMethod = idl === undefined || name === undefined ? undefined : methodCodec(payload, idl, name, method !== undefined)
  const inner = ofMethod === undefined ? payload.explain(message, messageOffset, 'message') : ofMethod.explain(message, messageOffset)
  const read = attempt(messageOffset, () => (ofMethod === undefined || head === undefined ? withoutIdl(payload, message) : readMessage(ofMethod, head, message, format)))
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
function methodCodec(payload: PayloadCodec, idl: IdlSet, name: string, isGiven: boolean): MethodCodec | undefined {
  const found = findMethod(idl, name)
  if (found.ok) return payload.forMethod(idl, found.value.service, found.value.method)
  if (isGiven) throw new KiteError(found.error)
  return undefined
}

type Read = Pick<ExplainedFrame, 'json' | 'warnings'>

// A broken message has its tree, whose last node says where it breaks, and the error says what was expected there.
function attempt(messageOffset: number, read: () => Read): Read & Pick<ExplainedFrame, 'error'> {
  try {
    const { json, warnings } = read()
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
