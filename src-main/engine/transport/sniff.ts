// Tells payloads apart from their first eight bytes, in the order of Kitex's default codec (pkg/remote/codec/default_codec.go). Thrift Compact,
// which Kitex does not know, comes first: as the length of a frame its first two bytes would be two gigabytes.

import { peekBytes } from './limits.ts'

/** What stands at an offset: a header before a payload, a payload, or something else. */
export type Sniffed = 'ttheader' | 'mesh' | 'unframed' | 'framed' | 'unknown'

const ttHeaderMagic = 0x1000
const meshMagic = 0xffaf
const thriftBinary = 0x8001
const kitexProtobuf = 0x9001

/** Version 1 and a message type of 1 to 4 in the second byte (Apache Thrift doc/specs/thrift-compact-protocol.md). */
const compactSecond: readonly (number | undefined)[] = [0x21, 0x41, 0x61, 0x81]

/** Thrift Compact tells itself by two bytes, and a whole message may have as few as five. */
export const leastMessageBytes = 5
const isCompact = (bytes: Buffer, offset: number): boolean => bytes[offset] === 0x82 && compactSecond.includes(bytes[offset + 1])

/** Whether there is enough at `offset` to tell what it is. */
export const canSniff = (bytes: Buffer, offset: number): boolean => bytes.length - offset >= peekBytes || isCompact(bytes, offset)

/** Needs what `canSniff` asks for. */
export function sniff(bytes: Buffer, offset: number): Sniffed {
  if (isCompact(bytes, offset)) return 'unframed'
  const first = bytes.readUInt16BE(offset)
  if (bytes.readUInt16BE(offset + 4) === ttHeaderMagic) return 'ttheader'
  return first === meshMagic ? 'mesh' : sniffPayload(bytes, offset)
}

/** The same for what follows a TTHeader or MeshHeader, which cannot be another one. */
export function sniffPayload(bytes: Buffer, offset: number): 'unframed' | 'framed' | 'unknown' {
  if (isCompact(bytes, offset) || bytes.readUInt16BE(offset) === thriftBinary) return 'unframed'
  const second = bytes.readUInt16BE(offset + 4)
  return second === thriftBinary || second === kitexProtobuf || isCompact(bytes, offset + 4) ? 'framed' : 'unknown'
}
