// Struct values and their bytes in a form, with breaches worded as errors that name the field.

import type { DecodeLimits, MessageHead } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { bytesError } from '../common/bytes-error.ts'
import { pathOfOffset } from './explain.ts'
import type { WireForm } from './form.ts'
import type { StructPlan } from './plan-model.ts'
import type { ThriftStruct } from './value.ts'

/** Reads a struct at `at`, and where it ended. Throws KiteError with offset and field path. */
export function decodeStruct(form: WireForm, plan: StructPlan, bytes: Buffer, at: number, limits: DecodeLimits): { readonly value: ThriftStruct; readonly end: number } {
  try {
    return form.decode(plan, bytes, at, limits)
  } catch (thrown) {
    if (!(thrown instanceof Breach)) throw thrown
    throw bytesError(thrown, pathOfOffset(form, bytes, at, plan, thrown.offset))
  }
}

/** The head of a message, or an error that says what these bytes are instead. */
export function headOrThrow(form: WireForm, message: Buffer): MessageHead {
  try {
    const head = form.readHead(message, 0)
    if (head === undefined) throw new Breach(message.length, 'codec.bytes.shortHead')
    return head
  } catch (thrown) {
    throw thrown instanceof Breach ? bytesError(thrown, undefined) : thrown
  }
}
