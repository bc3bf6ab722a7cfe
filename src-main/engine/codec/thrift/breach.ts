// What decoders throw when bytes are not what they should be, and the bounds that they check. Who called turns a breach into an error
// with the field path, found by a second, slow walk (explain.ts), so that good messages pay nothing for it.

import type { TextParams } from '../../../../shared/base/error.ts'
import type { DecodeLimits } from '../codec.ts'

/** 64 levels as Kitex's own skip (cloudwego/gopkg protocol/thrift); the budget is ours. */
export const defaultLimits: DecodeLimits = { maxDepth: 64, budgetBytes: 256 * 1024 * 1024 }

/** For walks over bytes that make nothing out of them but text. */
export const endlessLimits: DecodeLimits = { maxDepth: defaultLimits.maxDepth, budgetBytes: Number.MAX_SAFE_INTEGER }

/** What was expected at a byte offset and was not there. */
export class Breach {
  readonly offset: number
  readonly key: string
  readonly params: TextParams

  constructor(offset: number, key: string, params: TextParams = {}) {
    this.offset = offset
    this.key = key
    this.params = params
  }
}
