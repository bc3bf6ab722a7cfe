// Writes a TTHeader byte by byte as gopkg protocol/ttheader/encode.go does: sections 0x11, 0x01, 0x10, then padding.
// Pairs are written in the order given, repeated keys included; Kitex's maps would shuffle them.

import { fail } from '../../../../shared/base/error.ts'
import { maxHeaderBytes, maxInfoStringBytes } from '../limits.ts'
import type { HeaderInfo } from '../transport.ts'
import { infoId, intKeyName } from './keys.ts'

/** Length, magic, flags, sequence id and header size. */
export const ttHeaderFixedBytes = 14

/**
 * The header of a frame whose payload has `payloadBytes`, its length field included, with `room` bytes behind it that the caller fills. The protocol id
 * is 0 but in TTHeader Streaming. Throws KiteError when the info does not fit.
 */
export function encodeTtHeader(header: HeaderInfo, seqId: number, flags: number, payloadBytes: number, room = 0, protocolId = 0): Buffer {
  const info = infoBytes(header)
  const padded = 2 + info + ((4 - ((2 + info) % 4)) % 4)
  if (padded > maxHeaderBytes) throw fail('remote_or_network', 'frame', 'transport.headerTooLarge', { bytes: padded, limit: maxHeaderBytes })
  const total = ttHeaderFixedBytes + padded
  const out = Buffer.allocUnsafe(total + room)
  out.writeUInt32BE(total - 4 + payloadBytes, 0)
  writeU16(out, 0x1000, 4)
  writeU16(out, flags, 6)
  out.writeInt32BE(seqId | 0, 8)
  writeU16(out, padded / 4, 12)
  // No transform; then the pairs, then padding.
  writeU16(out, protocolId << 8, ttHeaderFixedBytes)
  for (let at = writeInfo(out, ttHeaderFixedBytes + 2, header); at < total; at++) out[at] = infoId.padding
  return out
}

function writeU16(out: Buffer, value: number, at: number): void {
  out[at] = value >> 8
  out[at + 1] = value
}

function infoBytes(header: HeaderInfo): number {
  let bytes = 0
  if (header.aclToken !== undefined) bytes += 1 + stringBytes('gdpr-token', header.aclToken)
  if (header.strings.length > 0) bytes += 3
  for (const [key, value] of header.strings) bytes += stringBytes(key, key) + stringBytes(key, value)
  if (header.ints.length > 0) bytes += 3
  for (const [key, value] of header.ints) bytes += 2 + stringBytes(key, value)
  return bytes
}

function stringBytes(key: string | number, text: string): number {
  const bytes = isShortAscii(text) ? text.length : Buffer.byteLength(text)
  if (bytes > maxInfoStringBytes) {
    const name = typeof key === 'string' ? key.slice(0, 60) : intKeyName(key) ?? String(key)
    throw fail('remote_or_network', 'frame', 'transport.infoTooLong', { key: name, bytes, limit: maxInfoStringBytes })
  }
  return 2 + bytes
}

/** Up to about this length a loop of ours is done before Node's own has begun. */
const shortText = 48

function isShortAscii(text: string): boolean {
  if (text.length > shortText) return false
  for (let n = 0; n < text.length; n++) if (text.charCodeAt(n) > 0x7f) return false
  return true
}

/** Each function here returns where the next byte goes. */
function writeInfo(out: Buffer, start: number, { aclToken, strings, ints }: HeaderInfo): number {
  let at = start
  if (aclToken !== undefined) {
    out[at] = infoId.aclToken
    at = writeString(out, aclToken, at + 1)
  }
  if (strings.length > 0) at = writeSection(out, infoId.strings, strings.length, at)
  for (const [key, value] of strings) at = writeString(out, value, writeString(out, key, at))
  if (ints.length > 0) at = writeSection(out, infoId.ints, ints.length, at)
  for (const [key, value] of ints) {
    writeU16(out, key, at)
    at = writeString(out, value, at + 2)
  }
  return at
}

function writeSection(out: Buffer, id: number, count: number, at: number): number {
  out[at] = id
  writeU16(out, count, at + 1)
  return at + 3
}

function writeString(out: Buffer, text: string, at: number): number {
  const bytes = isShortAscii(text) ? writeAscii(out, text, at + 2) : out.write(text, at + 2, 'utf8')
  writeU16(out, bytes, at)
  return at + 2 + bytes
}

function writeAscii(out: Buffer, text: string, at: number): number {
  for (let n = 0; n < text.length; n++) out[at + n] = text.charCodeAt(n)
  return text.length
}
