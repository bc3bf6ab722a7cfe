// What to say when a reply is no HTTP, is broken HTTP, or stops in the middle.

import { fail, type KiteError, type TextParams } from '../../../../shared/base/error.ts'
import { evidenceOf, guessProtocol } from '../foreign.ts'

/** The first bytes are no HTTP/1 reply: who spoke, as far as they tell. */
export function notHttp(bytes: Buffer): KiteError {
  const guess = guessProtocol(bytes)
  const hint = { key: guess?.name === 'TLS' ? 'http.needsTlsHint' : guess?.name.startsWith('HTTP/2') === true ? 'http.needsHttp2Hint' : 'transport.wrongProtocolHint' }
  const params = guess === undefined ? { evidence: evidenceOf(bytes) } : { protocol: guess.name, evidence: guess.evidence }
  return fail('remote_or_network', 'frame', guess === undefined ? 'http.notHttp' : 'http.foreignAnswer', params, { at: { offset: 0 }, hint })
}

/** A reply that breaks the grammar of HTTP at this byte of it. */
export const malformed = (key: string, offset: number, params: TextParams = {}): KiteError =>
  fail('remote_or_network', 'frame', key, { ...params, offset }, { at: { offset } })

/** The connection ended inside a reply. */
export const replyCutShort = (part: string, received: number): KiteError =>
  fail('remote_or_network', 'frame', `http.cutShort.${part}`, { bytes: received }, { at: { offset: received }, hint: { key: 'transport.resetHint' } })

/** More body than the caller wants to hold. */
export const bodyTooLarge = (limit: number): KiteError =>
  fail('remote_or_network', 'frame', 'http.bodyTooLarge', { limit }, { hint: { key: 'http.bodyTooLargeHint' } })
