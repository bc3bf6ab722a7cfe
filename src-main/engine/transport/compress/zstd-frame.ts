// The outline of a Zstandard frame: what its header claims and where its blocks lie, without decompressing anything. From the blocks
// follows how much can come out at most, whatever the header says. Source: RFC 8878 3.1.1.

/** No block regenerates more (RFC 8878 3.1.1.2.4). */
export const maxBlockBytes = 128 * 1024

export interface ZstdBlock {
  readonly start: number
  readonly end: number
  /** Most bytes that come of it. */
  readonly atMost: number
}

export interface ZstdFrame {
  readonly start: number
  /** One past the frame, checksum included. */
  readonly end: number
  /** One past the frame header. */
  readonly headerEnd: number
  /** Decompressed bytes as the header has it; undefined where the encoder did not know. */
  readonly contentSize: number | undefined
  /** What decompressing it piece by piece keeps in memory; undefined where it is the content itself. */
  readonly windowBytes: number | undefined
  readonly blocks: readonly ZstdBlock[]
}

/** Encoders fill their blocks, so this is more than any message within the limits has; a block of three bytes would cost a hundred here. */
const maxBlocks = 1_000_000

const magic = 0xfd2fb528
const skippableMagic = 0x184d2a50
const checksumBytes = 4

/** The frames of a message, skippable ones left out; text: what is wrong with it. */
export function zstdFrames(bytes: Buffer): readonly ZstdFrame[] | string {
  const frames: ZstdFrame[] = []
  let left = maxBlocks
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) return `frame at offset ${at} is cut short`
    const word = bytes.readUInt32LE(at)
    if ((word & 0xfffffff0) >>> 0 === skippableMagic) {
      at += 8 + bytes.readUInt32LE(at + 4)
      if (at > bytes.length) return 'a skippable frame reaches beyond the message'
      continue
    }
    if (word !== magic) return `no frame begins at offset ${at}`
    const frame = frameAt(bytes, at, left)
    if (typeof frame === 'string') return frame
    left -= frame.blocks.length
    frames.push(frame)
    at = frame.end
  }
  return frames
}

function frameAt(bytes: Buffer, start: number, mostBlocks: number): ZstdFrame | string {
  const descriptor = bytes[start + 4] ?? 0
  const { windowAt, sizeAt, sizeBytes, headerEnd } = headerLayout(start, descriptor)
  if (headerEnd > bytes.length || windowAt > bytes.length) return `frame header at offset ${start} is cut short`
  const blocks = blocksFrom(bytes, headerEnd, mostBlocks)
  if (typeof blocks === 'string') return blocks
  const end = (blocks.at(-1)?.end ?? headerEnd) + ((descriptor & 4) === 0 ? 0 : checksumBytes)
  return end > bytes.length ? `frame at offset ${start} is cut short` : { start, end, headerEnd, contentSize: contentSizeOf(bytes, sizeAt, sizeBytes), windowBytes: (descriptor & 0x20) === 0 ? windowOf(bytes[windowAt] ?? 0) : undefined, blocks }
}

/** RFC 8878 3.1.1.1.2: five bits of exponent from 1 KiB, three of eighths. */
const windowOf = (descriptor: number): number => 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8)

/** Magic, descriptor, window descriptor unless single segment, dictionary id, content size. */
export function headerLayout(start: number, descriptor: number): { readonly windowAt: number; readonly sizeAt: number; readonly sizeBytes: number; readonly headerEnd: number } {
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 2 ** sizeFlag
  const windowAt = start + 5
  const sizeAt = windowAt + (singleSegment ? 0 : 1) + (dictionaryBytes[descriptor & 3] ?? 0)
  return { windowAt, sizeAt, sizeBytes, headerEnd: sizeAt + sizeBytes }
}

const dictionaryBytes = [0, 1, 2, 4]

function contentSizeOf(bytes: Buffer, at: number, size: number): number | undefined {
  if (size === 0) return undefined
  // Two bytes count from 256 on.
  if (size === 2) return bytes.readUInt16LE(at) + 256
  return size === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, size)
}

function blocksFrom(bytes: Buffer, from: number, most: number): readonly ZstdBlock[] | string {
  const blocks: ZstdBlock[] = []
  for (let start = from; ;) {
    if (start + 3 > bytes.length) return `block at offset ${start} is cut short`
    if (blocks.length >= most) return `more than ${maxBlocks} blocks`
    const head = bytes.readUIntLE(start, 3)
    const kind = (head >> 1) & 3
    const size = head >> 3
    if (kind === 3 || size > maxBlockBytes) return `block at offset ${start} is malformed`
    // A run of one repeated byte stores that byte alone.
    const end = start + 3 + (kind === 1 ? 1 : size)
    if (end > bytes.length) return `block at offset ${start} is cut short`
    blocks.push({ start, end, atMost: kind === 2 ? maxBlockBytes : size })
    if ((head & 1) === 1) return blocks
    start = end
  }
}
