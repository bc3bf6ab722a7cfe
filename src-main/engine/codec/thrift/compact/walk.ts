// Thrift Compact read piece by piece, for the byte view.

import { doubleText } from '../../common/float-text.ts'
import type { WireWalk } from '../form.ts'
import { endlessLimits } from '../limits.ts'
import type { TypePlan } from '../plan-model.ts'
import { integerText } from '../scalar-text.ts'
import { wire } from '../wire.ts'
import { CompactReader } from './reader.ts'
import { compact } from './types.ts'

export class CompactWalk extends CompactReader implements WireWalk {
  constructor(bytes: Buffer, at: number) {
    super(bytes, at, endlessLimits)
  }

  scalar(type: number, plan: TypePlan | undefined): string {
    switch (type) {
      case wire.bool:
        return String(this.u8() === compact.true)
      case wire.i8:
        return String((this.u8() << 24) >> 24)
      case wire.i16:
        return String(this.zigzag16())
      case wire.i32:
        return integerText(this.zigzag32(), plan)
      case wire.i64:
        return String(this.zigzag64())
      case wire.double: {
        if (this.at + 8 > this.end) this.short(this.at, 8)
        this.at += 8
        return doubleText(this.view.getFloat64(this.at - 8, true)).replaceAll('"', '')
      }
      case wire.uuid:
        return this.uuid()
      default:
        return plan?.kind === 'binary' ? this.#binary() : this.string()
    }
  }

  #binary(): string {
    const length = this.length()
    const text = this.hex(length)
    this.at += length
    return text
  }
}
