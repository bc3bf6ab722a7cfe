// What to say when HTTP/2 goes wrong. A `Violation` is the server's breach of the protocol: it ends the connection and is told to the server by
// its error code; to the user it says which frame, where in the stream of bytes, and what was wrong.

import { fail, KiteError, type ErrorData, type TextParams } from '../../../../shared/base/error.ts'
import { evidenceOf, guessProtocol } from '../foreign.ts'
import { errorCode, errorName, frameName } from './constants.ts'

/** A frame as errors name it. */
export interface FramePlace {
  readonly type: number
  /** Of its head, in bytes received on the connection. */
  readonly offset: number
}

/** Ends the connection with GOAWAY of `code`. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly code: number
  readonly error: KiteError

  constructor(code: number, key: string, params: TextParams, at: FramePlace) {
    super(`${errorName(code)}: ${key}`)
    this.code = code
    const { type, offset } = at
    this.error = fail('remote_or_network', 'frame', key, { ...params, frame: frameName(type), offset, name: errorName(code) }, { at: { offset }, hint: { key: 'http2.violationHint' } })
  }
}

/** The commonest breach: something at a time or a place where it may not be. `what` is the catalogue's last word. */
export const misplaced = (what: string, at: FramePlace, params: TextParams = {}): Violation => new Violation(errorCode.protocolError, `http2.${what}`, params, at)

/** What a server said in GOAWAY. */
export interface GoAway {
  readonly code: number
  readonly lastStream: number
  /** Free text, cut. */
  readonly debug: string
}

/** A stream that the server has not begun, so that sending it again elsewhere is safe (RFC 9113 6.8, 8.7). */
export class NotBegun extends KiteError {
  /**
   * How often one and the same call may go elsewhere. Where the connection served others until it ended in good order there is progress each time,
   * and more calls at once than a server takes on one connection need many; what no connection wants is not carried from one to the next.
   */
  readonly worthMoves: number

  constructor(address: string, said: GoAway | undefined) {
    const [key, params, hint] = said === undefined
      ? ['http2.refused', { address }, { key: 'http2.refusedHint' }] as const
      : ['http2.goawayNotBegun', { address, name: errorName(said.code), debug: said.debug }, hintOf(said)] as const
    super({ code: 'get_connection', layer: 'connection', text: { key, params }, hint })
    this.worthMoves = said?.code !== errorCode.noError ? 1 : said.lastStream > 0 ? 100 : 3
  }
}

/** The connection ended while the server was busy with a stream. */
function brokenAfterGoAway(address: string, said: GoAway): KiteError {
  return fail('remote_or_network', 'connection', 'http2.goaway', { address, name: errorName(said.code), debug: said.debug }, { hint: hintOf(said) })
}

function hintOf({ code, debug }: GoAway): { readonly key: string } {
  if (debug.includes('too_many_pings')) return { key: 'http2.tooManyPingsHint' }
  return { key: code === errorCode.noError ? 'http2.goawayHint' : 'http2.goawayErrorHint' }
}

/** RST_STREAM from the server. `status` is what the gRPC specification makes of it, where a gRPC call was reset. */
export function streamReset(address: string, code: number, status?: { readonly name: string; readonly code: number }): KiteError {
  if (code === errorCode.refusedStream) return new NotBegun(address, undefined)
  const more: Partial<Pick<ErrorData, 'exception'>> = status === undefined ? {} : { exception: { type: status.name, typeId: status.code } }
  return fail('remote_or_network', 'remote', 'http2.reset', { address, name: errorName(code) }, { ...more, hint: { key: 'http2.resetHint' } })
}

/** What came first is the beginning of no HTTP/2 connection: another protocol, or rubbish. */
function notHttp2(bytes: Buffer): KiteError {
  const guess = guessProtocol(bytes)
  const hint = { key: guess?.name === 'TLS' ? 'http2.needsTlsHint' : 'transport.wrongProtocolHint' }
  const params = { protocol: guess?.name ?? '', evidence: guess?.evidence ?? evidenceOf(bytes) }
  return fail('remote_or_network', 'frame', guess === undefined ? 'http2.notHttp2' : 'http2.foreignAnswer', params, { at: { offset: 0 }, hint })
}

/** What is known of a connection when it ends. */
export interface Ending {
  readonly address: string
  readonly secure: boolean
  /** The server's settings came. */
  readonly greeted: boolean
  /** The first bytes that came. */
  readonly first: Buffer | undefined
  readonly goAway: GoAway | undefined
}

/** The server broke the protocol; before its settings that was another protocol. */
export const endedBy = ({ error }: Violation, { greeted, first }: Ending): KiteError => (greeted || first === undefined ? error : notHttp2(first))

/** The server closed the socket. */
export function closedBy({ address, secure, greeted, first, goAway }: Ending): KiteError {
  if (goAway !== undefined) return brokenAfterGoAway(address, goAway)
  if (!greeted && first !== undefined) return notHttp2(first)
  const key = greeted ? 'http2.closed' : secure ? 'http2.closedAfterHandshake' : 'http2.closedUnspoken'
  return fail('remote_or_network', 'connection', key, { address }, { hint: { key: `${key}Hint` } })
}

/** The server is silent, and answered no keepalive ping. */
export const keepAliveLost = (address: string, silentMs: number): KiteError => (
  fail('remote_or_network', 'connection', 'http2.keepAliveLost', { address, silentMs: Math.round(silentMs) }, { hint: { key: 'http2.keepAliveLostHint' } }))
