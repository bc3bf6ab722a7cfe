// The begin of a message: version, type, method name, sequence id. Kitex writes and reads the strict form only (kitex.md 1.3), so the
// old one is recognised just to be named in the error.

import type { MessageHead } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { decodeUtf8 } from '../common/text.ts'
import { messageTypes } from './wire.ts'
import type { ByteWriter } from './writer.ts'

const version = 0x8001
/** Method names are identifiers; a longer one is rubbish that happens to begin well. */
export const maxNameLength = 64 * 1024

/** Reads the head that begins at `at`; throws {@link Breach}. `undefined` when more bytes are needed. */
export function readHead(bytes: Buffer, at: number): MessageHead | undefined {
  const left = bytes.length - at
  if (left < 4) return undefined
  const first = bytes.readInt32BE(at)
  if (first >>> 16 !== version) throw refuse(bytes, at, first)
  const type = messageTypes[(first & 0xff) - 1]
  if (type === undefined || (first & 0xff00) !== 0) throw new Breach(at + 3, 'codec.bytes.messageType', { type: first & 0xffff })
  if (left < 8) return undefined
  const nameLength = bytes.readInt32BE(at + 4)
  if (nameLength < 0 || nameLength > maxNameLength) throw new Breach(at + 4, 'codec.bytes.nameLength', { length: nameLength })
  if (left < 12 + nameLength) return undefined
  return { type, method: decodeUtf8(bytes, at + 8, at + 8 + nameLength), seqId: bytes.readInt32BE(at + 8 + nameLength), length: 12 + nameLength }
}

function refuse(bytes: Buffer, at: number, first: number): Breach {
  if (looksNonStrict(bytes, at, first)) return new Breach(at, 'codec.bytes.nonStrict')
  if (bytes[at] === 0x82) return new Breach(at, 'codec.bytes.compact')
  return new Breach(at, 'codec.bytes.notThrift', { first: bytes.toString('hex', at, Math.min(at + 8, bytes.length)) })
}

// Name length, name, type byte, sequence id: the form from before 2008.
function looksNonStrict(bytes: Buffer, at: number, nameLength: number): boolean {
  if (nameLength <= 0 || nameLength > 256 || at + 4 + nameLength + 1 > bytes.length) return false
  const name = bytes.toString('latin1', at + 4, at + 4 + nameLength)
  const type = bytes[at + 4 + nameLength] ?? 0
  return /^[\w.:]+$/.test(name) && type >= 1 && type <= messageTypes.length
}

/** Writes a head at the writer's place. */
export function writeHead(writer: ByteWriter, type: MessageHead['type'], method: string, seqId: number): void {
  writer.i32((version << 16) | (messageTypes.indexOf(type) + 1))
  writer.string(method)
  writer.i32(seqId)
}
