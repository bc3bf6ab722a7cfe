// MeshHeader: 0xFFAF, u16 size in bytes, u16 count and string pairs. Kitex reads it and never writes it (header_codec.go).

import { fail } from '../../../shared/base/error.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'

/** Bytes of magic and size field. */
export const meshFixedBytes = 4

/** Bytes from the frame's start to its payload; needs `meshFixedBytes` bytes. */
export const meshHeaderEnd = (bytes: Buffer, offset: number): number => meshFixedBytes + bytes.readUInt16BE(offset + 2)

/** Reads the pairs of a header that ends at `end`. Throws KiteError. */
export function decodeMeshHeader(frame: Buffer, end: number): readonly Pair[] {
  let at = meshFixedBytes
  const need = (bytes: number): void => {
    if (at + bytes > end) throw fail('remote_or_network', 'frame', 'transport.infoBeyondHeader', { offset: at, bytes, end }, { at: { offset: at } })
  }
  const u16 = (): number => {
    need(2)
    at += 2
    return frame.readUInt16BE(at - 2)
  }
  const string = (): string => {
    const bytes = u16()
    need(bytes)
    at += bytes
    return frame.toString('utf8', at - bytes, at)
  }
  const pairs: Pair[] = []
  for (let count = u16(); count > 0; count--) pairs.push([string(), string()])
  return pairs
}
