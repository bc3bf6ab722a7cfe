// Where an unframed message ends can only be told by walking its fields. The walk keeps its place between calls, so that a message
// which arrives in a thousand pieces is still walked once; it allocates nothing that the peer's numbers decide. How a field or value is
// passed each form says by itself.

import type { MessageHead } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { bytesError } from '../common/bytes-error.ts'
import { defaultLimits } from './limits.ts'

export interface MeterLimits { readonly maxDepth: number; readonly maxBytes: number }
export const meterLimits: MeterLimits = { maxDepth: defaultLimits.maxDepth, maxBytes: defaultLimits.budgetBytes }

/** An open struct (`first` is undefined) or the elements still to come of a list, set or map. */
interface Open { readonly first: number | undefined; readonly second: number | undefined; left: number; odd: boolean }

/** Every step passes one whole piece, or returns false when its first bytes have not arrived, and then has changed nothing. */
export abstract class MeterWalk {
  protected readonly limits: MeterLimits
  protected at = 0
  readonly #open: Open[] = []

  constructor(limits: MeterLimits) {
    this.limits = limits
  }

  protected abstract head(bytes: Buffer, offset: number): MessageHead | undefined
  /** Passes a field, at most its value's own header where that holds others; the stop byte by `close`. */
  protected abstract field(bytes: Buffer, at: number): boolean
  /** Passes a value whose field's header takes `header` bytes before `at`. */
  protected abstract value(bytes: Buffer, at: number, type: number, header: number): boolean

  measure(bytes: Buffer, offset: number, atLeast?: (length: number) => void): number | undefined {
    try {
      const length = this.#walk(bytes, offset)
      // The walk passes over what a length declares, so it may stand beyond what has come; the struct's end is still to follow.
      if (length === undefined) atLeast?.(this.at + 1)
      return length
    } catch (thrown) {
      throw thrown instanceof Breach ? bytesError(thrown, undefined) : thrown
    }
  }

  #walk(bytes: Buffer, offset: number): number | undefined {
    if (this.at === 0) {
      const head = this.head(bytes, offset)
      if (head === undefined) return undefined
      this.at = head.length
      this.#open.push(newStruct())
    }
    for (;;) {
      const top = this.#open[this.#open.length - 1]
      if (this.at > this.limits.maxBytes) throw new Breach(offset, 'codec.bytes.longMessage', { length: this.at, max: this.limits.maxBytes })
      if (top === undefined) return offset + this.at > bytes.length ? undefined : this.at
      const at = offset + this.at
      if (top.first === undefined ? !this.field(bytes, at) : !this.#element(bytes, at, top, top.first)) return undefined
    }
  }

  #element(bytes: Buffer, at: number, top: Open, first: number): boolean {
    if (top.left === 0) {
      this.#open.pop()
      return true
    }
    if (!this.value(bytes, at, top.odd ? (top.second ?? first) : first, 0)) return false
    top.left--
    if (top.second !== undefined) top.odd = !top.odd
    return true
  }

  /** Passes the stop byte. */
  protected close(): true {
    this.at++
    this.#open.pop()
    return true
  }

  protected openStruct(header: number): true {
    return this.#push(newStruct(), header)
  }

  /** The elements of a container whose header has been passed; `second` are the values of a map. */
  protected openElements(first: number, second: number | undefined, count: number): true {
    return this.#push({ first, second, left: count * (second === undefined ? 1 : 2), odd: false }, 0)
  }

  #push(open: Open, header: number): true {
    if (this.#open.length >= this.limits.maxDepth) throw new Breach(this.at, 'codec.bytes.tooDeep', { max: this.limits.maxDepth })
    this.at += header
    this.#open.push(open)
    return true
  }
}

const newStruct = (): Open => ({ first: undefined, second: undefined, left: 0, odd: false })
