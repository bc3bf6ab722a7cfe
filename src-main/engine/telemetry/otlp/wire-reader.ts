// Reads protobuf's wire format from bytes nobody vouches for. Every read is checked against the end of the message it stands in,
// so a length that lies ends in a WireError and never in a read beyond it. Short strings that recur (attribute keys, names) are
// kept by content, since making a string costs more than comparing twenty bytes.

/** The bytes are not what protobuf allows; `offset` counts from the start of the whole message. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly offset: number

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`)
    this.offset = offset
  }
}

export const wireVarint = 0
export const wireFixed64 = 1
export const wireBytes = 2
export const wireFixed32 = 5

/** Spans, events, links, attributes and list members of one request. */
export const maxObjects = 4_000_000

const internSlots = 4096
const internMaxBytes = 48

interface Interned {
  readonly bytes: Uint8Array
  readonly text: string
}

const interned: (Interned | undefined)[] = new Array<Interned | undefined>(internSlots).fill(undefined)

/** A cursor with a movable end: entering a sub-message lowers `end`, leaving restores it. */
export class WireReader {
  pos = 0
  end: number
  readonly bytes: Buffer
  readonly #view: DataView
  #objects = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.end = bytes.length
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Unsigned varint that must fit 32 bits: tags, lengths, enums. Higher bits are dropped, as protobuf asks. */
  uint32(): number {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte()
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new WireError('varint of more than ten bytes', this.pos)
  }

  int64(): bigint {
    const first = this.pos < this.end ? this.bytes[this.pos] : undefined
    if (first !== undefined && first < 0x80) {
      this.pos += 1
      return BigInt(first)
    }
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    throw new WireError('varint of more than ten bytes', this.pos)
  }

  fixed64(): bigint {
    const at = this.#take(8)
    return this.#view.getBigUint64(at, true)
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** Reads a length and checks it against what is left here; returns the position one past it. */
  length(): number {
    const length = this.uint32()
    const end = this.pos + length
    if (end > this.end) throw new WireError(`length ${length} reaches beyond its message`, this.pos)
    return end
  }

  string(): string {
    const end = this.length()
    const start = this.pos
    this.pos = end
    return end - start <= internMaxBytes ? this.#intern(start, end) : this.bytes.toString('utf8', start, end)
  }

  /** A copy, so that a small value does not keep a whole request alive. */
  copy(): Uint8Array {
    const end = this.length()
    const copy = new Uint8Array(this.bytes.subarray(this.pos, end))
    this.pos = end
    return copy
  }

  hex(): string {
    const end = this.length()
    const hex = this.bytes.toString('hex', this.pos, end)
    this.pos = end
    return hex
  }

  skip(wireType: number): void {
    if (wireType === wireVarint) this.#skipVarint()
    else if (wireType === wireFixed64) this.#take(8)
    else if (wireType === wireBytes) this.pos = this.length()
    else if (wireType === wireFixed32) this.#take(4)
    else throw new WireError(`wire type ${wireType}`, this.pos)
  }

  /** Counts one object to be made: two bytes on the wire may cost a hundred in memory, so their number is bounded as well. */
  spend(): void {
    this.#objects += 1
    if (this.#objects > maxObjects) throw new WireError(`more than ${maxObjects} parts in one request`, this.pos)
  }

  #skipVarint(): void {
    for (let count = 0; count < 10; count += 1) if (this.#byte() < 0x80) return
    throw new WireError('varint of more than ten bytes', this.pos)
  }

  #byte(): number {
    if (this.pos >= this.end) throw new WireError('message ends inside a value', this.pos)
    const byte = this.bytes[this.pos] ?? 0
    this.pos += 1
    return byte
  }

  #take(size: number): number {
    const at = this.pos
    if (at + size > this.end) throw new WireError('message ends inside a value', at)
    this.pos = at + size
    return at
  }

  #intern(start: number, end: number): string {
    let hash = 0x811c9dc5
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (this.bytes[at] ?? 0), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (internSlots - 1)
    const known = interned[slot]
    if (known !== undefined && this.#same(known.bytes, start, end)) return known.text
    const text = this.bytes.toString('utf8', start, end)
    interned[slot] = { bytes: new Uint8Array(this.bytes.subarray(start, end)), text }
    return text
  }

  #same(known: Uint8Array, start: number, end: number): boolean {
    if (known.length !== end - start) return false
    for (let at = 0; at < known.length; at += 1) if (known[at] !== this.bytes[start + at]) return false
    return true
  }
}
