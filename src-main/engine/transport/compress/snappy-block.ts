// One raw block of Snappy, read strictly: every copy and literal is checked against what the block declared and against its end. The
// library that we compress with trusts its input when it reads, and a negative length would keep it busy for ever.
// Source: google/snappy format_description.txt.

/** Uncompressed length that a block declares in its varint, and where its elements begin; undefined where there is none. */
export function declaredLength(block: Buffer): { readonly length: number; readonly at: number } | undefined {
  let length = 0
  for (let at = 0; at < 5 && at < block.length; at += 1) {
    const byte = block[at] ?? 0
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return length <= 0xffffffff ? { length, at: at + 1 } : undefined
  }
  return undefined
}

/** Fills `out` from the elements that begin at `from`; undefined, or what is wrong. Each element grows `out`, so the time is bounded by both lengths. */
export function readElements(block: Buffer, from: number, out: Buffer): string | undefined {
  let written = 0
  for (let at = from; at < block.length;) {
    const tag = block[at] ?? 0
    const extra = extraBytes(tag)
    if (at + 1 + extra > block.length) return `element at offset ${at} is cut short`
    const literal = (tag & 3) === 0
    const length = literal ? literalLength(block, at, tag, extra) : copyLength(tag)
    if (length > out.length - written) return `element at offset ${at} reaches beyond the declared length`
    const next = at + 1 + extra
    if (literal) {
      if (next + length > block.length) return `literal at offset ${at} is cut short`
      block.copy(out, written, next, next + length)
      at = next + length
    } else {
      const distance = copyDistance(block, at, tag)
      if (distance === 0 || distance > written) return `copy at offset ${at} points before the beginning`
      copyWithin(out, written, distance, length)
      at = next
    }
    written += length
  }
  return written === out.length ? undefined : `${written} bytes came of ${out.length} declared`
}

/** Bytes after the tag that belong to the element's head. */
function extraBytes(tag: number): number {
  const kind = tag & 3
  if (kind === 0) return Math.max(0, (tag >> 2) - 59)
  return kind === 3 ? 4 : kind
}

const literalLength = (block: Buffer, at: number, tag: number, extra: number): number => 1 + (extra === 0 ? tag >> 2 : block.readUIntLE(at + 1, extra))

const copyLength = (tag: number): number => ((tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1)

function copyDistance(block: Buffer, at: number, tag: number): number {
  const kind = tag & 3
  if (kind === 1) return ((tag >> 5) << 8) | (block[at + 1] ?? 0)
  return kind === 2 ? block.readUInt16LE(at + 1) : block.readUInt32LE(at + 1)
}

/** A copy may overlap what it writes: it then repeats the bytes between. */
function copyWithin(out: Buffer, to: number, distance: number, length: number): void {
  if (distance >= length) out.copyWithin(to, to - distance, to - distance + length)
  else for (let at = to; at < to + length; at += 1) out[at] = out[at - distance] ?? 0
}
