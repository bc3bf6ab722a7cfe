// The begin of a Compact message: protocol id, version and type in one byte, sequence id, method name.

import type { MessageHead } from '../../codec.ts'
import { Breach } from '../../common/breach.ts'
import { decodeUtf8 } from '../../common/text.ts'
import type { HeadPart } from '../form.ts'
import { endlessLimits } from '../limits.ts'
import { maxNameLength } from '../message.ts'
import { messageTypes } from '../wire.ts'
import { CompactReader } from './reader.ts'
import type { CompactWriter } from './writer.ts'

const protocolId = 0x82
const version = 1

/** Reads the head that begins at `at`; throws {@link Breach}. `undefined` when more bytes are needed. */
export function readCompactHead(bytes: Buffer, at: number): MessageHead | undefined {
  const first = bytes[at]
  const second = bytes[at + 1]
  if (first !== undefined && first !== protocolId) throw refuse(bytes, at)
  if (first === undefined || second === undefined) return undefined
  if ((second & 0x1f) !== version) throw new Breach(at + 1, 'codec.bytes.compactVersion', { version: second & 0x1f })
  const type = messageTypes[(second >> 5) - 1]
  if (type === undefined) throw new Breach(at + 1, 'codec.bytes.messageType', { type: second >> 5 })
  const seqId = varintAt(bytes, at + 2)
  const name = seqId === undefined ? undefined : varintAt(bytes, seqId.end)
  if (seqId === undefined || name === undefined) return undefined
  if (name.value > maxNameLength) throw new Breach(seqId.end, 'codec.bytes.nameLength', { length: name.value })
  const end = name.end + name.value
  if (end > bytes.length) return undefined
  return { type, method: decodeUtf8(bytes, name.end, end), seqId: seqId.value | 0, length: end - at }
}

/** An unsigned varint of 32 bits, or undefined while it has not ended. */
export function varintAt(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | undefined {
  const reader = new CompactReader(bytes, at, endlessLimits)
  for (let end = at; end < bytes.length; end++) {
    if ((bytes[end] ?? 0) >= 0x80 && end - at < 5) continue
    return { value: reader.varint32(), end: reader.at }
  }
  return undefined
}

function refuse(bytes: Buffer, at: number): Breach {
  if (bytes[at] === 0x80 && bytes[at + 1] === 0x01) return new Breach(at, 'codec.bytes.binary')
  return new Breach(at, 'codec.bytes.notCompact', { first: bytes.toString('hex', at, Math.min(at + 8, bytes.length)) })
}

/** Writes a head at the writer's place. */
export function writeCompactHead(writer: CompactWriter, type: MessageHead['type'], method: string, seqId: number): void {
  writer.u8(protocolId)
  writer.u8(((messageTypes.indexOf(type) + 1) << 5) | version)
  writer.varint32(seqId)
  writer.string(method)
}

/** The parts of a head that was read. */
export function compactHeadParts(bytes: Buffer, head: MessageHead): readonly HeadPart[] {
  const seqIdLength = (varintAt(bytes, 2)?.end ?? 3) - 2
  return [
    { length: 1, name: 'protocol id', kind: 'message', type: 'u8', value: '0x82' },
    { length: 1, name: 'version and message type', kind: 'message', type: 'u8', value: head.type },
    { length: seqIdLength, name: 'sequence id', kind: 'message', type: 'varint', value: String(head.seqId) },
    { length: head.length - 2 - seqIdLength, name: 'method', kind: 'message', type: 'string', value: head.method },
  ]
}
