// Whether bytes of a length that no IDL names read as a message, as `protoc --decode_raw` guesses: they must parse wholly, and must not read
// as text, which a short text may do by chance ("hi" is field 13 with the value 105).

import { Breach } from '../common/breach.ts'
import type { MessagePlan } from './plan-model.ts'
import { ByteReader, defaultLimits } from './reader.ts'
import { isReadable } from './unknown-json.ts'

/** Longer ones are no text that happens to parse. */
const longestText = 64 * 1024

export type Guess = 'message' | 'text' | 'bytes'

export function guess(bytes: Buffer, start: number, end: number): Guess {
  const isShort = end - start <= longestText
  if (isShort && isReadable(bytes.subarray(start, end))) return 'text'
  if (parses(bytes, start, end)) return 'message'
  return !isShort && isReadable(bytes.subarray(start, end)) ? 'text' : 'bytes'
}

/** The first level only: each level is asked for itself. */
function parses(bytes: Buffer, start: number, end: number): boolean {
  return isRead(bytes, start, (reader) => {
    while (reader.at < end) reader.skip(reader.tag(), end, 1)
  })
}

/** Whether bytes are a message of that type, to the last level. */
export const holds = (plan: MessagePlan, bytes: Buffer, start: number, end: number): boolean => isRead(bytes, start, (reader) => plan.decode(reader, end, 1, 0))

function isRead(bytes: Buffer, start: number, read: (reader: ByteReader) => void): boolean {
  try {
    read(new ByteReader(bytes, start, { maxDepth: defaultLimits.maxDepth, budgetBytes: defaultLimits.budgetBytes }))
    return true
  } catch (thrown) {
    if (thrown instanceof Breach) return false
    throw thrown
  }
}
