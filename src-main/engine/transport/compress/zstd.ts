// Zstandard by WebAssembly, since Node 20 has none. The library allocates what a frame's header claims, and in its streaming form drops errors;
// so the header is compared with the blocks first, and a frame of unknown size is counted block by block against the budget before it is
// decompressed in one strict step with its true size written into its header.

import { Zstd } from '@hpcc-js/wasm-zstd'
import type { Compressor } from './compressor.ts'
import { tooLarge, unreadable } from './errors.ts'
import { headerLayout, maxBlockBytes, type ZstdFrame, zstdFrames } from './zstd-frame.ts'

/** What every decoder is to support (RFC 8878 3.1.1.1.2), whatever a message may be. */
const leastWindowBytes = 8 * 1024 * 1024

/** Loads the WebAssembly module once (some 70 ms). */
export async function loadZstd(): Promise<Compressor> {
  const zstd = await Zstd.load()
  return { compress: (bytes) => viewed(zstd.compress(bytes)), decompress: (bytes, budget) => decompress(zstd, bytes, budget) }
}

function decompress(zstd: Zstd, bytes: Buffer, budgetBytes: number): Buffer {
  const frames = zstdFrames(bytes)
  if (typeof frames === 'string') throw unreadable('zstd', bytes.length, frames)
  if (frames.length === 0) throw unreadable('zstd', bytes.length, 'no frame')
  const parts: Buffer[] = []
  let budget = budgetBytes
  for (const frame of frames) {
    // Taken for good: WebAssembly's memory never shrinks.
    if (frame.contentSize === undefined && (frame.windowBytes ?? 0) > Math.max(budgetBytes, leastWindowBytes)) throw tooLarge('zstd', bytes.length, budgetBytes)
    const size = frame.contentSize ?? counted(zstd, bytes, frame, budget)
    if (size > budget) throw tooLarge('zstd', bytes.length, budgetBytes)
    if (size > frame.blocks.reduce((sum, { atMost }) => sum + atMost, 0)) throw unreadable('zstd', bytes.length, `${size} bytes cannot come of its blocks`)
    const part = strictly(zstd, bytes, frame, size)
    budget -= size
    parts.push(part)
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}

/** Bytes that really come of a frame, at most one block over the budget. */
function counted(zstd: Zstd, bytes: Buffer, { start, headerEnd, blocks }: ZstdFrame, budgetBytes: number): number {
  zstd.reset()
  zstd.decompressChunk(bytes.subarray(start, headerEnd), maxBlockBytes)
  let size = 0
  for (const block of blocks) {
    if (size > budgetBytes) break
    size += zstd.decompressChunk(bytes.subarray(block.start, block.end), maxBlockBytes).length
  }
  zstd.reset()
  return size
}

function strictly(zstd: Zstd, bytes: Buffer, frame: ZstdFrame, size: number): Buffer {
  try {
    const out = zstd.decompress(frame.contentSize === undefined ? withSize(bytes, frame, size) : bytes.subarray(frame.start, frame.end))
    if (out.length === size) return viewed(out)
  } catch (caught) {
    throw unreadable('zstd', bytes.length, caught instanceof Error ? caught.message : String(caught))
  }
  throw unreadable('zstd', bytes.length, `fewer than ${size} bytes came of it`)
}

/** The frame with its size in eight bytes; a frame that names none is no single segment, so that nothing else of its header changes. */
function withSize(bytes: Buffer, { start, end, headerEnd }: ZstdFrame, size: number): Buffer {
  const { sizeAt } = headerLayout(start, bytes[start + 4] ?? 0)
  const head = Buffer.from(bytes.subarray(start, sizeAt))
  head[4] = (head[4] ?? 0) | 0xc0
  const written = Buffer.alloc(8)
  written.writeBigUInt64LE(BigInt(size))
  return Buffer.concat([head, written, bytes.subarray(headerEnd, end)])
}

const viewed = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
