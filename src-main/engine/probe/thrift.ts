// Asks a port in Thrift or Kitex Protobuf for a method that no service has. Every server answers that by an exception in its own protocol and runs
// nothing; what it answers, and how it is framed, tells what it speaks (real-peers.md 1.6.2).

import { probeMethod, type ProbeFinding, type ProbeSubject, type ProbeVerdict } from '../../../shared/model/probe.ts'
import type { CodecName } from '../../../shared/model/protocol.ts'
import type { Text } from '../../../shared/base/error.ts'
import type { FieldDescriptor, IdlSet, IdlType, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { PayloadCodec } from '../codec/codec.ts'
import { createCodec } from '../codec/codecs.ts'
import { FrameReader } from '../transport/frame-reader.ts'
import { writeFrame } from '../transport/frame-writer.ts'
import { noHeader, type FramedTransport, type IncomingMessage } from '../transport/transport.ts'
import { foreignIn, silenceOf, talk, type Heard, type ProbeLine } from './talk.ts'

export interface Question {
  readonly subject: ProbeSubject
  readonly transport: FramedTransport
  readonly codec: CodecName
  /** A method that the server has: it is asked with arguments that break off, which no server gets past decoding. */
  readonly method?: string
}

export const questions: readonly Question[] = [
  { subject: 'ttheader-framed', transport: 'ttheader-framed', codec: 'thrift-binary' },
  { subject: 'ttheader', transport: 'ttheader', codec: 'thrift-binary' },
  { subject: 'framed', transport: 'framed', codec: 'thrift-binary' },
  { subject: 'buffered', transport: 'buffered', codec: 'thrift-binary' },
  { subject: 'framed-compact', transport: 'framed', codec: 'thrift-compact' },
  { subject: 'buffered-compact', transport: 'buffered', codec: 'thrift-compact' },
  { subject: 'ttheader-framed-protobuf', transport: 'ttheader-framed', codec: 'protobuf' },
  { subject: 'framed-protobuf', transport: 'framed', codec: 'protobuf' },
]

/** Asks one question on a connection of its own. */
export async function askThrift(line: ProbeLine, question: Question): Promise<ProbeFinding & { readonly bytes: Buffer }> {
  const codec = await createCodec(question.codec)
  const frame = writeFrame({ transport: question.transport, seqId: 1, header: noHeader, message: messageOf(question) })
  const heard = await talk(line, frame, (bytes) => replyIn(bytes, codec) !== undefined)
  const { verdict, evidence } = judge(question, heard, replyIn(heard.bytes, codec), codec)
  return { subject: question.subject, verdict, evidence, tookMs: heard.tookMs, bytes: heard.bytes }
}

/** A call with sequence id 1, written out: a probe must not depend on what it probes for. */
function messageOf({ codec, method }: Question): Buffer {
  const name = Buffer.from(method ?? probeMethod)
  if (codec === 'thrift-compact') return Buffer.concat([Buffer.from([0x82, 0x21, 0x01, name.length]), name, Buffer.from([0])])
  const head = Buffer.alloc(8)
  head.writeUInt32BE(codec === 'protobuf' ? 0x90010001 : 0x80010001, 0)
  head.writeUInt32BE(name.length, 4)
  return Buffer.concat([head, name, Buffer.from([0, 0, 0, 1]), Buffer.from(method !== undefined ? brokenArguments[codec] : codec === 'protobuf' ? [] : [0])])
}

/** A string field that promises more bytes than there are. */
const brokenArguments: Readonly<Record<CodecName, readonly number[]>> = { 'thrift-binary': [0x0b, 0, 1, 0, 0, 0, 0x7f], 'thrift-compact': [0x18, 0x7f], protobuf: [0x0a, 0x7f], json: [] }

/** The first whole message, or 'foreign' when these bytes can never become one. */
function replyIn(bytes: Buffer, codec: PayloadCodec): IncomingMessage | 'foreign' | undefined {
  const reader = new FrameReader()
  reader.push(bytes)
  try {
    return reader.next({ meter: codec.createMeter?.() ?? (() => undefined), maxFrameBytes: 1024 * 1024 })
  } catch {
    return 'foreign'
  }
}

interface Judged {
  readonly verdict: ProbeVerdict
  readonly evidence: Text
}

function judge(question: Question, heard: Heard, reply: ReturnType<typeof replyIn>, codec: PayloadCodec): Judged {
  if (reply === 'foreign') return { verdict: 'no', evidence: foreignIn(heard) }
  if (reply === undefined) return { verdict: 'no', evidence: heard.bytes.length > 0 ? { key: 'probe.cutShort', params: { bytes: heard.bytes.length } } : silenceOf(heard) }
  const head = codec.peekHead(reply.message)
  if (head === undefined || reply.transport !== question.transport) return { verdict: 'no', evidence: { key: 'probe.otherFraming', params: { transport: reply.transport } } }
  const exception = exceptionOf(reply.message, codec)
  const other = /codec msg type not match with (\w+)Codec/.exec(exception?.message ?? '')
  if (other !== null) return { verdict: 'no', evidence: { key: 'probe.otherCodec', params: { codec: other[1] ?? '', message: exception?.message ?? '' } } }
  return { verdict: 'yes', evidence: exception === undefined ? { key: 'probe.replied', params: { type: head.type } } : { key: 'probe.exception', params: { typeId: exception.typeId, message: exception.message } } }
}

const nothing: IdlType = { kind: 'struct', id: '#Nothing', written: 'Nothing' }
const nobody = (returns: IdlType, args: readonly FieldDescriptor[]): MethodDescriptor => ({ name: probeMethod, declaredBy: '', kind: 'unary', args, returns, throws: [], annotations: {}, at: {} })
const thriftNobody = nobody({ kind: 'void', written: 'void' }, [])
const protobufNobody = nobody(nothing, [{ id: 1, name: 'request', type: nothing, requiredness: 'default', annotations: {}, at: {} }])
const noService: ServiceDescriptor = { name: '', language: 'thrift', file: '', methods: [thriftNobody, protobufNobody], annotations: {}, at: {} }
const noIdl: IdlSet = {
  files: [], services: [noService], enums: {}, diagnostics: [],
  structs: { '#Nothing': { kind: 'struct', id: '#Nothing', name: 'Nothing', fields: [], annotations: {}, at: {}, proto: { fullName: 'Nothing', oneofs: [], extensions: [] } } },
}

function exceptionOf(message: Buffer, codec: PayloadCodec): { readonly typeId: number; readonly message: string } | undefined {
  try {
    const reply = codec.forMethod(noIdl, noService, codec.name === 'protobuf' ? protobufNobody : thriftNobody).decodeReply(message)
    return reply.kind === 'remote-exception' ? reply : undefined
  } catch {
    return undefined
  }
}
