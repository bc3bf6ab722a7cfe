// Thrift Binary as a form of the wire.

import type { MessageHead } from '../codec.ts'
import { BinaryWalk } from './binary-walk.ts'
import type { HeadPart, WireForm } from './form.ts'
import { readHead, writeHead } from './message.ts'
import { ByteReader } from './reader.ts'
import { wire } from './wire.ts'
import { ByteWriter } from './writer.ts'

// Encoding is synchronous, so all codecs of a thread share one growing buffer; messages are copied out of it.
const writer = new ByteWriter()

export const binaryForm: WireForm = {
  name: 'thrift-binary',
  encode(plan, value) {
    writer.at = 0
    plan.encode(writer, value)
    return writer.take()
  },
  encodeMessage(type, method, seqId, plan, value) {
    writer.at = 0
    writeHead(writer, type, method, seqId)
    plan.encode(writer, value)
    return writer.take()
  },
  decode(plan, bytes, at, limits) {
    const reader = new ByteReader(bytes, at, limits)
    const value = plan.decode(reader, 1)
    return { value, end: reader.at }
  },
  readHead,
  headParts,
  resultAt: afterVoid,
  walk: (bytes, at) => new BinaryWalk(bytes, at),
}

function headParts(_bytes: Buffer, head: MessageHead): readonly HeadPart[] {
  return [
    { length: 4, name: 'version and message type', kind: 'message', type: 'u32', value: head.type },
    { length: head.length - 8, name: 'method', kind: 'message', type: 'string', value: head.method },
    { length: 4, name: 'sequence id', kind: 'message', type: 'i32', value: String(head.seqId) },
  ]
}

// Kitex's generic server writes a void result as field 0 of type VOID with a stop byte inside.
function afterVoid(message: Buffer, at: number): number {
  const isVoidField = message[at] === wire.void && message[at + 1] === 0 && message[at + 2] === 0 && message[at + 3] === wire.stop
  return isVoidField ? at + 4 : at
}
