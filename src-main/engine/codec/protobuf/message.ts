// The head that Kitex writes before a Protobuf message (Kitex pkg/remote/codec/protobuf/protobuf.go): 0x9001 and the message type, the
// method's name with its length, the sequence id; all big-endian. Then the bare message, whichever type it is.

import type { MessageHead } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { decodeUtf8 } from '../common/text.ts'
import type { ByteWriter } from './writer.ts'

const version = 0x9001
/** In the order of their numbers, from 1. */
const messageTypes = ['call', 'reply', 'exception', 'oneway'] as const
// Method names are identifiers; a longer one is rubbish that happens to begin well.
const maxNameLength = 64 * 1024

/** Reads the head that begins at `at`; throws {@link Breach}. `undefined` when more bytes are needed. */
export function readHead(bytes: Buffer, at = 0): MessageHead | undefined {
  const left = bytes.length - at
  if (left < 4) return undefined
  const first = bytes.readUInt32BE(at)
  if (first >>> 16 !== version) throw new Breach(at, 'protobuf.head.notKitex', { first: bytes.toString('hex', at, Math.min(at + 8, bytes.length)) })
  const type = messageTypes[(first & 0xffff) - 1]
  if (type === undefined) throw new Breach(at + 2, 'codec.bytes.messageType', { type: first & 0xffff })
  if (left < 8) return undefined
  const nameLength = bytes.readInt32BE(at + 4)
  if (nameLength < 0 || nameLength > maxNameLength) throw new Breach(at + 4, 'codec.bytes.nameLength', { length: nameLength })
  if (left < 12 + nameLength) return undefined
  return { type, method: decodeUtf8(bytes, at + 8, at + 8 + nameLength), seqId: bytes.readInt32BE(at + 8 + nameLength), length: 12 + nameLength }
}

/** The head of a whole message, where missing bytes are a breach too. */
export function wholeHead(bytes: Buffer): MessageHead {
  const head = readHead(bytes)
  if (head === undefined) throw new Breach(bytes.length, 'codec.bytes.shortHead')
  return head
}

/** Writes a head before what the writer holds. */
export function writeHead(writer: ByteWriter, type: MessageHead['type'], method: string, seqId: number): void {
  const name = Buffer.from(method, 'utf8')
  writer.u32(seqId)
  writer.raw(name)
  writer.u32(name.length)
  writer.u32(((version << 16) | (messageTypes.indexOf(type) + 1)) >>> 0)
}
