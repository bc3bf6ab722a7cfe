// Measures unframed messages, of either form: which one it is their first byte tells.

import { BinaryMeterWalk } from './binary-meter.ts'
import { CompactMeterWalk } from './compact/meter.ts'
import { meterLimits, type MeterLimits, type MeterWalk } from './meter-walk.ts'

/** As transports ask for it: length of the message at an offset, undefined while more bytes are needed (`atLeast` is told how many); throws KiteError. */
type MessageMeter = (bytes: Buffer, offset: number, atLeast?: (length: number) => void) => number | undefined

const newWalk = (bytes: Buffer, offset: number, limits: MeterLimits): MeterWalk => (bytes[offset] === 0x82 ? new CompactMeterWalk(limits) : new BinaryMeterWalk(limits))

/** Length of the message at `offset`; undefined while more bytes are needed. Walks from the start each time. */
export const measureMessage: MessageMeter = (bytes, offset, atLeast) => newWalk(bytes, offset, meterLimits).measure(bytes, offset, atLeast)

/**
 * A meter that goes on where it stopped when it is asked again about the same message, grown: same offset, same bytes so far (comparing
 * them costs next to nothing beside walking them). Anything else makes it start anew, so it may be shared, but then gains nothing.
 */
export function createMessageMeter(given: Partial<MeterLimits> = {}): MessageMeter {
  const limits = { ...meterLimits, ...given }
  let walk: MeterWalk | undefined
  let seen: Buffer = Buffer.alloc(0)
  let offset = 0
  return (bytes, from, atLeast) => {
    const sameMemory = seen.buffer === bytes.buffer && seen.byteOffset === bytes.byteOffset + from
    const grown = seen.length > 0 && from === offset && bytes.length - from >= seen.length && (sameMemory || seen.compare(bytes, from, from + seen.length) === 0)
    if (!grown || walk === undefined) walk = newWalk(bytes, from, limits)
    const length = walk.measure(bytes, from, atLeast)
    if (length !== undefined) walk = undefined
    seen = length === undefined ? bytes.subarray(from) : Buffer.alloc(0)
    offset = from
    return length
  }
}
