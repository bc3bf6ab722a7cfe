// Bytes to message values, and a breach to an error with offset and field path.

import type { DecodeLimits } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { bytesError } from '../common/bytes-error.ts'
import { pathOfOffset } from './explain.ts'
import type { MessagePlan } from './plan-model.ts'
import { ByteReader } from './reader.ts'
import type { MessageValue } from './value.ts'

/** Reads the message that begins at `at` and fills the rest of the bytes. Throws KiteError with offset and field path. */
export function decodeMessage(plan: MessagePlan, bytes: Buffer, at: number, limits: DecodeLimits): MessageValue {
  const reader = new ByteReader(bytes, at, limits)
  try {
    return plan.decode(reader, bytes.length, 1, 0)
  } catch (thrown) {
    if (!(thrown instanceof Breach)) throw thrown
    throw bytesError(thrown, pathOfOffset(bytes, at, plan, thrown.offset))
  }
}
