// Lengths and streams that the types of frames demand (RFC 9113 section 6), checked before anything is read of a payload.

import { errorCode, flag, frameType } from './constants.ts'
import { misplaced, Violation } from './errors.ts'

/** By type: whether it belongs to a stream, and the length that it must have. */
const rules: readonly { readonly stream: boolean | undefined; readonly length?: number; readonly least?: number }[] = [
  { stream: true },
  { stream: true },
  { stream: true, length: 5 },
  { stream: true, length: 4 },
  { stream: false },
  { stream: true },
  { stream: false, length: 8 },
  { stream: false, least: 8 },
  { stream: undefined, length: 4 },
  { stream: true },
]

/** Throws Violation for a frame that cannot be. */
export function checkFrame(type: number, flags: number, stream: number, length: number, offset: number): void {
  const rule = rules[type]
  if (rule === undefined) return
  const at = { type, offset }
  if (rule.stream !== undefined && rule.stream !== (stream !== 0)) throw misplaced(rule.stream ? 'needsStream' : 'needsNoStream', at, { stream })
  if ((rule.length !== undefined && length !== rule.length) || (rule.least !== undefined && length < rule.least)) throw badLength(length, at)
  if (type === frameType.settings && ((flags & flag.ack) === 0 ? length % 6 !== 0 : length !== 0)) throw badLength(length, at)
  // We said that nothing may be pushed.
  if (type === frameType.pushPromise) throw misplaced('pushed', at)
}

const badLength = (bytes: number, at: { readonly type: number; readonly offset: number }): Violation => new Violation(errorCode.frameSizeError, 'http2.frameLength', { bytes }, at)
