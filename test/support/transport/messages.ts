// Thrift Binary messages made by hand, so that transport tests need no codec: structs of i32 and string fields only.

import type { MessageMeter } from '../../../src-main/engine/transport/transport.ts'

export const messageTypes = { call: 1, reply: 2, exception: 3, oneway: 4 } as const

/** A whole message whose struct has one string field `id`. */
export function stringMessage(type: keyof typeof messageTypes, method: string, seqId: number, text: string, id = 1): Buffer {
  const name = Buffer.from(method)
  const value = Buffer.from(text)
  const head = Buffer.alloc(12 + name.length)
  head.writeUInt32BE((0x80010000 | messageTypes[type]) >>> 0, 0)
  head.writeUInt32BE(name.length, 4)
  name.copy(head, 8)
  head.writeInt32BE(seqId, 8 + name.length)
  const field = Buffer.alloc(7)
  field[0] = 11
  field.writeInt16BE(id, 1)
  field.writeUInt32BE(value.length, 3)
  return Buffer.concat([head, field, value, Buffer.from([0])])
}

/** Method, sequence id and text of a message made by `stringMessage`. */
export function readStringMessage(message: Buffer): { readonly method: string; readonly seqId: number; readonly text: string } {
  const name = message.readUInt32BE(4)
  const body = 12 + name
  const length = message.readUInt32BE(body + 3)
  return { method: message.toString('utf8', 8, 8 + name), seqId: message.readInt32BE(8 + name), text: message.toString('utf8', body + 7, body + 7 + length) }
}

/** Measures messages of `stringMessage`'s kind. */
export const tinyMeter: MessageMeter = (bytes, offset) => {
  let at = offset
  const has = (count: number): boolean => bytes.length >= at + count
  if (!has(8)) return undefined
  at += 8 + bytes.readUInt32BE(at + 4) + 4
  for (;;) {
    if (!has(1)) return undefined
    const type = bytes[at]
    at += 1
    if (type === 0) return at - offset
    if (!has(6)) return undefined
    at += type === 8 ? 6 : 6 + bytes.readUInt32BE(at + 2)
  }
}

/** A call of `Sleep(1: i32 ms)`. */
export function sleepMessage(seqId: number, ms: number): Buffer {
  const message = Buffer.from('800100010000000553 6c656570 00000000 080001 00000000 00'.replaceAll(' ', ''), 'hex')
  message.writeInt32BE(seqId, 13)
  message.writeInt32BE(ms, 20)
  return message
}
