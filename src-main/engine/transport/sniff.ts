// Tells payloads apart from their first eight bytes, in the order of Kitex's default codec (pkg/remote/codec/default_codec.go).

/** What stands at an offset: a header before a payload, a payload, or something else. */
export type Sniffed = 'ttheader' | 'mesh' | 'unframed' | 'framed' | 'unknown'

const ttHeaderMagic = 0x1000
const meshMagic = 0xffaf
const thriftBinary = 0x8001
const kitexProtobuf = 0x9001

/** Needs `peekBytes` bytes at `offset`. */
export function sniff(bytes: Buffer, offset: number): Sniffed {
  const first = bytes.readUInt16BE(offset)
  if (bytes.readUInt16BE(offset + 4) === ttHeaderMagic) return 'ttheader'
  return first === meshMagic ? 'mesh' : sniffPayload(bytes, offset)
}

/** The same for what follows a TTHeader or MeshHeader, which cannot be another one. */
export function sniffPayload(bytes: Buffer, offset: number): 'unframed' | 'framed' | 'unknown' {
  if (bytes.readUInt16BE(offset) === thriftBinary) return 'unframed'
  const second = bytes.readUInt16BE(offset + 4)
  return second === thriftBinary || second === kitexProtobuf ? 'framed' : 'unknown'
}
