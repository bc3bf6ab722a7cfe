// Writes protobuf's wire format into one growing buffer. Sub-messages are written behind a gap of five bytes for their length, which
// is then filled with a padded varint: legal protobuf, and no message is built twice.

const lengthBytes = 5

export class WireWriter {
  #bytes: Buffer
  #pos = 0

  constructor(size = 4096) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  uint32(field: number, value: number): void {
    this.#varint(BigInt(field << 3))
    this.#varint(BigInt(value >>> 0))
  }

  int64(field: number, value: bigint): void {
    this.#varint(BigInt(field << 3))
    this.#varint(BigInt.asUintN(64, value))
  }

  fixed64(field: number, value: bigint): void {
    this.#tag(field, 1)
    this.#room(8)
    this.#pos = this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#pos)
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, 5)
    this.#room(4)
    this.#pos = this.#bytes.writeUInt32LE(value >>> 0, this.#pos)
  }

  double(field: number, value: number): void {
    this.#tag(field, 1)
    this.#room(8)
    this.#pos = this.#bytes.writeDoubleLE(value, this.#pos)
  }

  string(field: number, value: string): void {
    this.bytes(field, Buffer.from(value, 'utf8'))
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, 2)
    this.#varint(BigInt(value.length))
    this.#room(value.length)
    this.#bytes.set(value, this.#pos)
    this.#pos += value.length
  }

  message(field: number, write: () => void): void {
    this.#tag(field, 2)
    this.#room(lengthBytes)
    const gap = this.#pos
    this.#pos += lengthBytes
    write()
    this.#fillLength(gap, this.#pos - gap - lengthBytes)
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#pos)
  }

  #fillLength(at: number, length: number): void {
    let rest = length
    for (let index = 0; index < lengthBytes; index += 1) {
      this.#bytes[at + index] = (rest & 0x7f) | (index === lengthBytes - 1 ? 0 : 0x80)
      rest >>>= 7
    }
  }

  #tag(field: number, wire: number): void {
    this.#varint(BigInt((field << 3) | wire))
  }

  #varint(value: bigint): void {
    this.#room(10)
    let rest = value
    while (rest > 0x7fn) {
      this.#bytes[this.#pos] = Number(rest & 0x7fn) | 0x80
      this.#pos += 1
      rest >>= 7n
    }
    this.#bytes[this.#pos] = Number(rest)
    this.#pos += 1
  }

  #room(size: number): void {
    if (this.#pos + size <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#pos + size))
    this.#bytes.copy(larger, 0, 0, this.#pos)
    this.#bytes = larger
  }
}
