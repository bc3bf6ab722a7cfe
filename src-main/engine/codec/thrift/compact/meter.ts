// Passes over the fields of a Thrift Compact message to find its end. Ids need not be known for that, only where each piece ends.

import type { MessageHead } from '../../codec.ts'
import { Breach } from '../../common/breach.ts'
import { MeterWalk } from '../meter-walk.ts'
import { wire } from '../wire.ts'
import { readCompactHead, varintAt } from './message.ts'
import { compactName, minCompactSize, wireOfCompact } from './types.ts'

export class CompactMeterWalk extends MeterWalk {
  protected head(bytes: Buffer, offset: number): MessageHead | undefined {
    return readCompactHead(bytes, offset)
  }

  protected field(bytes: Buffer, at: number): boolean {
    const header = bytes[at]
    if (header === undefined) return false
    if (header === wire.stop) return this.close()
    const type = typeOf(header & 15, at)
    const length = header > 15 ? 1 : varintLength(bytes, at + 1, 16)
    if (length === undefined) return false
    const whole = header > 15 ? 1 : 1 + length
    if (type !== wire.bool) return this.value(bytes, at + whole, type, whole)
    this.at += whole
    return true
  }

  protected value(bytes: Buffer, at: number, type: number, header: number): boolean {
    switch (type) {
      case wire.bool:
      case wire.i8:
      case wire.double:
      case wire.uuid:
        this.at += header + minCompactSize(type)
        return true
      case wire.i16:
      case wire.i32:
      case wire.i64: {
        const length = varintLength(bytes, at, type === wire.i16 ? 16 : type === wire.i32 ? 32 : 64)
        this.at += length === undefined ? 0 : header + length
        return length !== undefined
      }
      case wire.struct:
        return this.openStruct(header)
      case wire.string: {
        const length = varintAt(bytes, at)
        if (length !== undefined) this.at += header + length.end - at + length.value
        return length !== undefined
      }
      default:
        return this.#elements(bytes, at, type === wire.map, header)
    }
  }

  #elements(bytes: Buffer, at: number, isMap: boolean, header: number): boolean {
    const first = bytes[at]
    if (first === undefined) return false
    const isLong = isMap || first >> 4 === 15
    const told = isLong ? varintAt(bytes, isMap ? at : at + 1) : { value: first >> 4, end: at + 1 }
    if (told === undefined) return false
    const { value: count, end } = told
    const types = isMap ? bytes[end] : first
    if (count > 0 && types === undefined) return false
    this.at += header + end - at + (isMap && count > 0 ? 1 : 0)
    return count === 0 || this.#open(isMap ? typeOf((types ?? 0) >> 4, end) : undefined, typeOf((types ?? 0) & 15, end), count, at)
  }

  #open(key: number | undefined, value: number, count: number, at: number): boolean {
    const least = minCompactSize(value) + (key === undefined ? 0 : minCompactSize(key))
    if (count * least > this.limits.maxBytes) throw new Breach(at, 'codec.bytes.longMessage', { length: count * least, max: this.limits.maxBytes })
    if (isFixed(value) && (key === undefined || isFixed(key))) {
      this.at += count * least
      return true
    }
    return key === undefined ? this.openElements(value, undefined, count) : this.openElements(key, value, count)
  }
}

const isFixed = (type: number): boolean => type === wire.bool || type === wire.i8 || type === wire.double || type === wire.uuid

function typeOf(bits: number, at: number): number {
  const type = wireOfCompact(bits)
  if (type === wire.stop) throw new Breach(at, 'codec.bytes.unknownType', { type: compactName(bits) })
  return type
}

/** Bytes of a varint, or undefined while it has not ended. */
function varintLength(bytes: Buffer, at: number, bits: number): number | undefined {
  const most = Math.ceil(bits / 7)
  for (let length = 1; length <= most; length++) {
    const byte = bytes[at + length - 1]
    if (byte === undefined) return undefined
    if (byte < 0x80) return length
  }
  throw new Breach(at, 'codec.bytes.longVarint', { bits })
}
