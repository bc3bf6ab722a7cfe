// Passes over the fields of a Thrift Binary message to find its end.

import type { MessageHead } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { readHead } from './message.ts'
import { MeterWalk } from './meter-walk.ts'
import { fixedSize, isValueType, minSize, wire, wireName } from './wire.ts'

export class BinaryMeterWalk extends MeterWalk {
  protected head(bytes: Buffer, offset: number): MessageHead | undefined {
    return readHead(bytes, offset)
  }

  protected field(bytes: Buffer, at: number): boolean {
    const type = bytes[at]
    if (type === undefined) return false
    if (type === wire.stop) return this.close()
    if (!isValueType(type) && type !== wire.void) throw new Breach(at, 'codec.bytes.unknownType', { type: wireName(type) })
    return this.value(bytes, at + 3, type, 3)
  }

  protected value(bytes: Buffer, at: number, type: number, header: number): boolean {
    const size = fixedSize(type)
    if (size !== undefined) {
      this.at += header + size
      return true
    }
    if (type === wire.struct) return this.openStruct(header)
    const prefix = type === wire.string ? 0 : type === wire.map ? 2 : 1
    if (at + prefix + 4 > bytes.length) return false
    const count = bytes.readInt32BE(at + prefix)
    if (count < 0) throw new Breach(at + prefix, type === wire.string ? 'codec.bytes.negativeLength' : 'codec.bytes.negativeCount', { length: count, count })
    this.at += header + prefix + 4
    if (type === wire.string) {
      this.at += count
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
    if (count * least > this.limits.maxBytes) throw new Breach(at + prefix, 'codec.bytes.longMessage', { length: count * least, max: this.limits.maxBytes })
    const firstSize = fixedSize(first)
    const secondSize = second === undefined ? 0 : fixedSize(second)
    if (firstSize !== undefined && secondSize !== undefined) {
      this.at += count * (firstSize + secondSize)
      return true
    }
    return this.openElements(first, second, count)
  }
}
