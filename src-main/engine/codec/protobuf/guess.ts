// Whether bytes of a length that no IDL names read as a message, as `protoc --decode_raw` guesses: they must parse wholly, and must not read
// as text, which a short text may do by chance ("hi" is field 13 with the value 105).

import { Breach } from '../thrift/breach.ts'
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
  const reader = new ByteReader(bytes, start, { maxDepth: defaultLimits.maxDepth, budgetBytes: Number.MAX_SAFE_INTEGER })
  try {
    while (reader.at < end) reader.skip(reader.tag(), end, 1)
    return reader.at === end
  } catch (thrown) {
    if (thrown instanceof Breach) return false
    throw thrown
  }
}
