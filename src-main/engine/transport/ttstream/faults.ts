// How a stream ended, as errors: what the server said in a Trailer or Rst frame, and what became of the connection. Codes and texts are those of
// Kitex's pkg/remote/trans/ttstream/exception.go.

import { fail, type ErrorData, KiteError, type Text } from '../../../../shared/base/error.ts'
import { exceptionTypeName } from '../../../../shared/model/exception-names.ts'
import type { HeaderInfo } from '../transport.ts'
import { bizStatusFromHeader } from '../ttheader/biz-status.ts'
import { stringKey } from '../ttheader/keys.ts'
import { headerString } from '../ttheader/metainfo.ts'
import { decodeException, plainReset, type StreamException } from './exception.ts'

/** Kitex's codes that we send ourselves. */
export const streamCode = { bizCancel: 12007, streamTimeout: 12015 } as const

/** Kitex's own words where nobody gave others. */
const bizCancelText = 'user code invoking stream RPC with context processed by context.WithCancel or context.WithTimeout, then invoking cancel() actively'

/** What a stream timeout must add: Kitex only logs an unknown service or method, and sends nothing at all. */
export const hintForSilence = (service: string, method: string): Text => ({ key: 'ttstream.silenceHint', params: { service, method } })

/** The fault of a Trailer frame; undefined: the stream ended well. */
export function trailerFault(header: HeaderInfo, payload: Buffer): ErrorData | undefined {
  if (payload.length > 0) {
    const exception = decodeException(payload)
    if (exception === undefined) return fail('remote_or_network', 'frame', 'ttstream.unreadableException', { bytes: payload.length }).data
    return remote('ttstream.exception', exception)
  }
  try {
    const biz = bizStatusFromHeader(header)
    return biz === undefined ? undefined : fail('biz', 'remote', 'chain.bizError', { status: biz.status, message: biz.message }, { biz }).data
  } catch (caught) {
    return KiteError.from(caught, 'frame').data
  }
}

/** The fault of an Rst frame. */
export function resetFault(header: HeaderInfo, payload: Buffer): ErrorData {
  const exception = decodeException(payload) ?? plainReset
  const path = headerString(header, stringKey.ttstreamCancelPath)
  if (path === undefined || path === '') return remote('ttstream.reset', exception)
  return remote('ttstream.resetAlong', exception, { path: path.split(',').join(' -> ') })
}

function remote(key: string, { typeId, message }: StreamException, more: Readonly<Record<string, string>> = {}): ErrorData {
  const type = exceptionTypeName(typeId) ?? `type ${typeId}`
  return fail('remote_or_network', 'remote', key, { typeId, name: type, message, ...more }, { exception: { type, typeId } }).data
}

/** What to tell the server of an end that is ours. */
export function reasonFor(error: KiteError): StreamException {
  const { code, text: { params } } = error.data
  if (code !== 'rpc_timeout') return { typeId: streamCode.bizCancel, message: bizCancelText }
  const timeout = params?.['timeoutMs']
  return { typeId: streamCode.streamTimeout, message: timeout === undefined ? 'stream timeout, no explicit timeout set in stream ctx' : `stream timeout, timeout in ctx: ${String(timeout)}ms` }
}

/** The same for a reason in somebody's words. */
export const reasonIn = (words: string): StreamException => ({ typeId: streamCode.bizCancel, message: words === '' ? bizCancelText : words })

/** The connection ended while a stream was open; `untouched`: nothing had come for it. */
export function connectionLost(cause: KiteError, address: string, untouched: boolean): ErrorData {
  // Bytes of another protocol say more than the end that they caused.
  if (cause.data.layer === 'frame') return cause.data
  const more = untouched ? { hint: { key: 'ttstream.closedAtOnceHint', params: { address } } } : {}
  return fail('remote_or_network', 'connection', 'ttstream.connectionClosed', { address }, { cause: cause.data, ...more }).data
}
