// Where the payload of a frame really lies once padding and priority are taken off (RFC 9113 6.1, 6.2).

import { flag, frameType } from './constants.ts'
import { misplaced } from './errors.ts'

/** Offset of the payload's first byte, beyond pad length and priority. */
export function payloadStart(type: number, flags: number, start: number): number {
  const padded = (flags & flag.padded) === 0 ? 0 : 1
  const priority = type === frameType.headers && (flags & flag.priority) !== 0 ? 5 : 0
  return start + padded + priority
}

/** Offset after the payload's last byte, before the padding. Throws Violation when the padding is longer than the frame. */
export function payloadEnd(type: number, flags: number, bytes: Buffer, start: number, end: number, offset: number): number {
  const begin = payloadStart(type, flags, start)
  const padding = (flags & flag.padded) === 0 ? 0 : (bytes[start] ?? 0)
  if (begin + padding > end) throw misplaced('padding', { type, offset }, { bytes: padding })
  return end - padding
}
