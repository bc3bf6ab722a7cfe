// What decoders throw when bytes are not what they should be. Who called turns a breach into an error with the field path, found by a second,
// slow walk, so that good messages pay nothing for it.

import type { TextParams } from '../../../../shared/base/error.ts'

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
