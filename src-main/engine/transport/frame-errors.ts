// What to say when bytes are no message: who probably answered, or how far the message got.

import { fail, type KiteError } from '../../../shared/base/error.ts'
import { evidenceOf, guessProtocol } from './foreign.ts'

/** The bytes are of another protocol, or of none that is known. */
export function foreignAnswer(bytes: Buffer): KiteError {
  const guess = guessProtocol(bytes)
  const hint = { key: 'transport.wrongProtocolHint' }
  const at = { offset: 0 }
  if (guess !== undefined) return fail('remote_or_network', 'frame', 'transport.foreignAnswer', { protocol: guess.name, evidence: guess.evidence }, { at, hint })
  return fail('remote_or_network', 'frame', 'transport.invalidPayload', { first: bytes.toString('hex', 0, 4), second: bytes.toString('hex', 4, 8) }, { at, hint })
}

/** The stream ended inside a message; few bytes may still tell who spoke. */
export function cutShort(leftover: Buffer): KiteError {
  const guess = guessProtocol(leftover)
  if (guess !== undefined) return foreignAnswer(leftover)
  return fail('remote_or_network', 'frame', 'transport.replyCutShort', { bytes: leftover.length, start: evidenceOf(leftover) }, { at: { offset: leftover.length } })
}
