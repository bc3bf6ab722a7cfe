// The growing buffer that compiled encoders write to. Its fields are public and calls are few on purpose: generated code keeps `bytes` and
// `at` in locals and comes back only to grow and for what JavaScript cannot do quickly itself.

const startCapacity = 16 * 1024
// A writer that once wrote a huge message does not keep its buffer.
const keptCapacity = 4 * 1024 * 1024

export class GrowingBuffer {
  bytes = Buffer.allocUnsafeSlow(startCapacity)
  view = viewOf(this.bytes)
  at = 0

  /** Makes room for `size` more bytes after `at`. */
  grow(size: number): Buffer {
    const wanted = this.at + size
    if (wanted <= this.bytes.length) return this.bytes
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
    this.view = viewOf(grown)
    return grown
  }

  raw(value: Uint8Array): void {
    this.grow(value.length).set(value, this.at)
    this.at += value.length
  }

  u8(value: number): void {
    this.grow(1)[this.at++] = value
  }

  uuid(text: string): void {
    this.grow(16).write(text.replaceAll('-', ''), this.at, 'hex')
    this.at += 16
  }

  /** A copy of what was written since `from`. */
  take(from = 0): Buffer {
    const taken = Buffer.from(this.bytes.subarray(from, this.at))
    this.at = from
    if (from === 0 && this.bytes.length > keptCapacity) {
      this.bytes = Buffer.allocUnsafeSlow(startCapacity)
      this.view = viewOf(this.bytes)
    }
    return taken
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
