// Snappy as gRPC peers mean it. The name is not in gRPC's own list; Go's community encoder (mostynb/go-grpc-compression) and those after it
// send the framing format (stream identifier, chunks with a masked CRC-32C), so that is what we write. Peers that put one raw block
// under the same name are understood too: no raw block that anybody sends begins with the ten bytes of the stream identifier.
// Source: google/snappy framing_format.txt and format_description.txt.

import { compress as compressRaw } from 'snappyjs'
import type { Compressor } from './compressor.ts'
import { Gather } from '../gather.ts'
import { crc32c } from './crc32c.ts'
import { tooLarge, unreadable } from './errors.ts'
import { declaredLength, readElements } from './snappy-block.ts'

const identifier = Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59])
/** Most uncompressed bytes that one chunk holds. */
const maxChunkBytes = 65_536
const checksumBytes = 4
const chunkHeadBytes = 4
const chunk = { compressed: 0x00, plain: 0x01, padding: 0xfe, identifier: 0xff } as const
/** Chunk types from here on may be skipped by whoever does not know them. */
const firstSkippable = 0x80

export const snappy: Compressor = { compress: frame, decompress: (bytes, budget) => (startsFrame(bytes) ? unframe(bytes, budget) : rawBlock(bytes, budget, bytes.length)) }

const startsFrame = (bytes: Buffer): boolean => bytes.length >= identifier.length && bytes.subarray(0, identifier.length).equals(identifier)

function frame(bytes: Buffer): Buffer {
  const parts: Buffer[] = [identifier]
  for (let at = 0; at < bytes.length; at += maxChunkBytes) {
    const plain = bytes.subarray(at, at + maxChunkBytes)
    const packed = compressRaw(plain)
    const smaller = packed.length < plain.length
    const body = smaller ? packed : plain
    const head = Buffer.alloc(chunkHeadBytes + checksumBytes)
    head.writeUIntLE((body.length + checksumBytes) * 256 + (smaller ? chunk.compressed : chunk.plain), 0, 4)
    head.writeUInt32LE(masked(crc32c(plain)), chunkHeadBytes)
    parts.push(head, body)
  }
  return Buffer.concat(parts)
}

function unframe(bytes: Buffer, budgetBytes: number): Buffer {
  const parts = new Gather()
  let budget = budgetBytes
  for (let at = 0; at < bytes.length;) {
    if (at + chunkHeadBytes > bytes.length) throw malformed(bytes, `chunk head cut short at offset ${at}`)
    const type = bytes[at] ?? 0
    const end = at + chunkHeadBytes + bytes.readUIntLE(at + 1, 3)
    if (end > bytes.length) throw malformed(bytes, `chunk at offset ${at} reaches beyond the message`)
    if (type === chunk.compressed || type === chunk.plain) {
      const plain = dataChunk(bytes, at, end, budget)
      if (plain.length > budget) throw tooLarge('snappy', bytes.length, budgetBytes)
      budget -= plain.length
      parts.push(plain)
    } else if (type < firstSkippable) throw malformed(bytes, `chunk type ${type} at offset ${at}`)
    at = end
  }
  return parts.bytes()
}

function dataChunk(bytes: Buffer, at: number, end: number, budget: number): Buffer {
  const from = at + chunkHeadBytes + checksumBytes
  if (from > end) throw malformed(bytes, `chunk at offset ${at} has no checksum`)
  const body = bytes.subarray(from, end)
  const plain = bytes[at] === chunk.plain ? body : rawBlock(body, budget, bytes.length)
  if (plain.length > maxChunkBytes) throw malformed(bytes, `chunk at offset ${at} holds more than ${maxChunkBytes} bytes`)
  if (bytes.readUInt32LE(at + chunkHeadBytes) !== masked(crc32c(plain))) throw malformed(bytes, `checksum of the chunk at offset ${at} does not match`)
  return plain
}

/** One raw block; its declared length is refused before memory is taken for it. */
function rawBlock(block: Buffer, budgetBytes: number, total: number): Buffer {
  const declared = declaredLength(block)
  if (declared === undefined) throw unreadable('snappy', total, 'no length')
  if (declared.length > budgetBytes) throw tooLarge('snappy', total, budgetBytes)
  // An element of three bytes yields at most 64: a longer claim is a lie that would only cost memory.
  if (declared.length > block.length * 64) throw unreadable('snappy', total, `${declared.length} bytes cannot come of ${block.length}`)
  const out = Buffer.alloc(declared.length)
  const wrong = readElements(block, declared.at, out)
  if (wrong !== undefined) throw unreadable('snappy', total, wrong)
  return out
}

/** Rotated and offset, so that a checksum of data that holds checksums stays good (framing_format.txt 3). */
const masked = (crc: number): number => ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0

const malformed = (bytes: Buffer, reason: string): Error => unreadable('snappy', bytes.length, reason)
