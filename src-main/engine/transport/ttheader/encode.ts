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
  out.writeUInt16BE(0x1000, 4)
  out.writeUInt16BE(flags, 6)
  out.writeInt32BE(seqId | 0, 8)
  out.writeUInt16BE(padded / 4, 12)
  // No transform; then the pairs, then padding.
  out.writeUInt16BE(protocolId << 8, ttHeaderFixedBytes)
  out.fill(0, ttHeaderFixedBytes + 2 + info, total)
  writeInfo(out, ttHeaderFixedBytes + 2, header)
  return out
}

function infoBytes(header: HeaderInfo): number {
  let bytes = 0
  if (header.aclToken !== undefined) bytes += 1 + stringBytes('gdpr-token', header.aclToken)
  if (header.strings.length > 0) bytes += 3
  for (const [key, value] of header.strings) bytes += stringBytes(key, key) + stringBytes(key, value)
  if (header.ints.length > 0) bytes += 3
  for (const [key, value] of header.ints) bytes += 2 + stringBytes(intKeyName(key) ?? String(key), value)
  return bytes
}

function stringBytes(key: string, text: string): number {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxInfoStringBytes) {
    throw fail('remote_or_network', 'frame', 'transport.infoTooLong', { key: key.slice(0, 60), bytes, limit: maxInfoStringBytes })
  }
  return 2 + bytes
}

function writeInfo(out: Buffer, start: number, header: HeaderInfo): void {
  let at = start
  const string = (text: string): void => {
    const bytes = out.write(text, at + 2, 'utf8')
    out.writeUInt16BE(bytes, at)
    at += 2 + bytes
  }
  const section = (id: number, count: number): void => {
    out[at] = id
    out.writeUInt16BE(count, at + 1)
    at += 3
  }
  if (header.aclToken !== undefined) {
    out[at++] = infoId.aclToken
    string(header.aclToken)
  }
  if (header.strings.length > 0) section(infoId.strings, header.strings.length)
  for (const [key, value] of header.strings) {
    string(key)
    string(value)
  }
  if (header.ints.length > 0) section(infoId.ints, header.ints.length)
  for (const [key, value] of header.ints) {
    out.writeUInt16BE(key, at)
    at += 2
    string(value)
  }
}
