// Where an unframed message ends can only be told by walking its fields. The walk keeps its place between calls, so that a message
// which arrives in a thousand pieces is still walked once; it allocates nothing that the peer's numbers decide.

import { bytesError } from './bytes-error.ts'
import { readHead } from './message.ts'
import { Breach, defaultLimits } from './breach.ts'
import { fixedSize, isValueType, minSize, wire, wireName } from './wire.ts'

/** As transports ask for it: length of the message at an offset, undefined while more bytes are needed (`atLeast` is told how many); throws KiteError. */
type MessageMeter = (bytes: Buffer, offset: number, atLeast?: (length: number) => void) => number | undefined

interface MeterLimits { readonly maxDepth: number; readonly maxBytes: number }
const meterLimits: MeterLimits = { maxDepth: defaultLimits.maxDepth, maxBytes: defaultLimits.budgetBytes }

/** Length of the message at `offset`; undefined while more bytes are needed. Walks from the start each time. */
export const measureMessage: MessageMeter = (bytes, offset, atLeast) => new Walk(meterLimits).measure(bytes, offset, atLeast)

/**
 * A meter that goes on where it stopped when it is asked again about the same message, grown: same offset, same bytes so far (comparing
 * them costs next to nothing beside walking them). Anything else makes it start anew, so it may be shared, but then gains nothing.
 */
export function createMessageMeter(limits: Partial<MeterLimits> = {}): MessageMeter {
  let walk = new Walk({ ...meterLimits, ...limits })
  let seen: Buffer = Buffer.alloc(0)
  let offset = 0
  return (bytes, from, atLeast) => {
    const sameMemory = seen.buffer === bytes.buffer && seen.byteOffset === bytes.byteOffset + from
    const grown = from === offset && bytes.length - from >= seen.length && (sameMemory || seen.compare(bytes, from, from + seen.length) === 0)
    if (!grown) walk = new Walk({ ...meterLimits, ...limits })
    const length = walk.measure(bytes, from, atLeast)
    if (length !== undefined) walk = new Walk({ ...meterLimits, ...limits })
    seen = length === undefined ? bytes.subarray(from) : Buffer.alloc(0)
    offset = from
    return length
  }
}

/** An open struct (`first` is undefined) or the elements still to come of a list, set or map. */
interface Open { readonly first: number | undefined; readonly second: number | undefined; left: number; odd: boolean }

class Walk {
  readonly #limits: MeterLimits
  readonly #open: Open[] = []
  #at = 0

  constructor(limits: MeterLimits) {
    this.#limits = limits
  }

  measure(bytes: Buffer, offset: number, atLeast?: (length: number) => void): number | undefined {
    try {
      const length = this.#walk(bytes, offset)
      // The walk passes over what a length declares, so it may stand beyond what has come; the struct's end is still to follow.
      if (length === undefined) atLeast?.(this.#at + 1)
      return length
    } catch (thrown) {
      throw thrown instanceof Breach ? bytesError(thrown, undefined) : thrown
    }
  }

  #walk(bytes: Buffer, offset: number): number | undefined {
    if (this.#at === 0) {
      const head = readHead(bytes, offset)
      if (head === undefined) return undefined
      this.#at = head.length
      this.#open.push(newStruct())
    }
    for (;;) {
      const top = this.#open[this.#open.length - 1]
      if (this.#at > this.#limits.maxBytes) throw new Breach(offset, 'codec.bytes.longMessage', { length: this.#at, max: this.#limits.maxBytes })
      if (top === undefined) return offset + this.#at > bytes.length ? undefined : this.#at
      if (!this.#step(bytes, offset, top)) return undefined
    }
  }

  /** Passes one field or element; false when its first bytes have not arrived, and then nothing has changed. */
  #step(bytes: Buffer, offset: number, top: Open): boolean {
    const at = offset + this.#at
    if (top.first !== undefined) return this.#element(bytes, at, top, top.first)
    const type = bytes[at]
    if (type === undefined) return false
    if (type === wire.stop) {
      this.#at++
      this.#open.pop()
      return true
    }
    if (!isValueType(type) && type !== wire.void) throw new Breach(at, 'codec.bytes.unknownType', { type: wireName(type) })
    return this.#value(bytes, at + 3, type, 3)
  }

  #element(bytes: Buffer, at: number, top: Open, first: number): boolean {
    if (top.left === 0) {
      this.#open.pop()
      return true
    }
    if (!this.#value(bytes, at, top.odd ? (top.second ?? first) : first, 0)) return false
    top.left--
    if (top.second !== undefined) top.odd = !top.odd
    return true
  }

  #value(bytes: Buffer, at: number, type: number, header: number): boolean {
    const size = fixedSize(type)
    if (size !== undefined) {
      this.#at += header + size
      return true
    }
    if (type === wire.struct) return this.#push(newStruct(), header)
    const prefix = type === wire.string ? 0 : type === wire.map ? 2 : 1
    if (at + prefix + 4 > bytes.length) return false
    const count = bytes.readInt32BE(at + prefix)
    if (count < 0) throw new Breach(at + prefix, type === wire.string ? 'codec.bytes.negativeLength' : 'codec.bytes.negativeCount', { length: count, count })
    this.#at += header + prefix + 4
    if (type === wire.string) {
      this.#at += count
      return true
    }
    return count === 0 || this.#elements(bytes, at, prefix, count)
  }

  #elements(bytes: Buffer, at: number, prefix: number, count: number): boolean {
    const first = bytes[at] ?? 0
    const second = prefix === 2 ? (bytes[at + 1] ?? 0) : undefined
    if (!isValueType(first) || (second !== undefined && !isValueType(second))) {
      throw new Breach(at, 'codec.bytes.unknownType', { type: wireName(isValueType(first) ? (second ?? first) : first) })
    }
    const least = minSize(first) + (second === undefined ? 0 : minSize(second))
    if (count * least > this.#limits.maxBytes) throw new Breach(at + prefix, 'codec.bytes.longMessage', { length: count * least, max: this.#limits.maxBytes })
    const firstSize = fixedSize(first)
    const secondSize = second === undefined ? 0 : fixedSize(second)
    if (firstSize !== undefined && secondSize !== undefined) {
      this.#at += count * (firstSize + secondSize)
      return true
    }
    return this.#push({ first, second, left: count * prefix, odd: false }, 0)
  }

  #push(open: Open, header: number): boolean {
    if (this.#open.length >= this.#limits.maxDepth) throw new Breach(this.#at, 'codec.bytes.tooDeep', { max: this.#limits.maxDepth })
    this.#at += header
    this.#open.push(open)
    return true
  }
}

const newStruct = (): Open => ({ first: undefined, second: undefined, left: 0, odd: false })
