// Thrift Binary read piece by piece, for the byte view.

import { Breach } from '../common/breach.ts'
import { doubleText } from '../common/float-text.ts'
import type { WireWalk } from './form.ts'
import type { ContainerHeader, FieldHeader } from './headers.ts'
import { endlessLimits } from './limits.ts'
import type { TypePlan } from './plan-model.ts'
import { ByteReader } from './reader.ts'
import { integerText } from './scalar-text.ts'
import { isValueType, wire, wireName } from './wire.ts'

export class BinaryWalk extends ByteReader implements WireWalk {
  constructor(bytes: Buffer, at: number) {
    super(bytes, at, endlessLimits)
  }

  field(): FieldHeader | undefined {
    const { at } = this
    if (at >= this.end) this.short(at, 1)
    const type = this.bytes[at] ?? 0
    if (type === wire.stop) return undefined
    if (!isValueType(type) && type !== wire.void) throw new Breach(at, 'codec.bytes.unknownType', { type: wireName(type) })
    if (at + 3 > this.end) this.short(at, 3)
    return { type, id: this.view.getInt16(at + 1), length: 3 }
  }

  container(type: number): ContainerHeader {
    const each = type === wire.map ? 2 : 1
    const { at } = this
    if (at + each + 4 > this.end) this.short(at, each + 4)
    const types = each === 1 ? [this.bytes[at] ?? 0] : [this.bytes[at] ?? 0, this.bytes[at + 1] ?? 0]
    const count = this.view.getInt32(at + each)
    if (count < 0) throw new Breach(at + each, 'codec.bytes.negativeCount', { count })
    const bad = count === 0 ? undefined : types.find((entry) => !isValueType(entry))
    if (bad !== undefined) throw new Breach(at, 'codec.bytes.unknownType', { type: wireName(bad) })
    return { types, count, length: each + 4 }
  }

  scalar(type: number, plan: TypePlan | undefined): string {
    const start = this.at
    this.skip(type, 1)
    const end = this.at
    this.at = start
    const text = this.#text(type, plan)
    this.at = end
    return text
  }

  #text(type: number, plan: TypePlan | undefined): string {
    const { at } = this
    switch (type) {
      case wire.bool:
        return String(this.bytes[at] === 1)
      case wire.i8:
        return String(this.view.getInt8(at))
      case wire.i16:
        return String(this.view.getInt16(at))
      case wire.i32:
        return integerText(this.view.getInt32(at), plan)
      case wire.i64:
        return String(this.i64())
      case wire.double:
        return doubleText(this.view.getFloat64(at)).replaceAll('"', '')
      case wire.uuid:
        return this.uuid()
      case wire.string:
        return plan?.kind === 'binary' ? this.hex(this.length()) : this.string()
      default:
        return ''
    }
  }
}
