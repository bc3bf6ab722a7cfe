// Words what the operating system says about sockets: which thing failed, and what to do next.

import { fail, KiteError, type ErrorCode, type Text } from '../../../shared/base/error.ts'

/** An error that Node took from the operating system. */
export function systemCode(caught: unknown): string {
  return typeof caught === 'object' && caught !== null && 'code' in caught && typeof caught.code === 'string' ? caught.code : ''
}

const dialKeys: Readonly<Record<string, readonly [key: string, hint: string]>> = {
  ECONNREFUSED: ['transport.refused', 'transport.refusedHint'],
  ENOTFOUND: ['transport.unresolvable', 'transport.unresolvableHint'],
  EAI_AGAIN: ['transport.unresolvable', 'transport.unresolvableHint'],
  ENODATA: ['transport.unresolvable', 'transport.unresolvableHint'],
  ETIMEDOUT: ['transport.unanswered', 'transport.unansweredHint'],
  EHOSTUNREACH: ['transport.unreachable', 'transport.unreachableHint'],
  ENETUNREACH: ['transport.unreachable', 'transport.unreachableHint'],
  EHOSTDOWN: ['transport.unreachable', 'transport.unreachableHint'],
  EADDRNOTAVAIL: ['transport.noLocalPort', 'transport.noLocalPortHint'],
  EMFILE: ['transport.tooManyFiles', 'transport.tooManyFilesHint'],
  ENFILE: ['transport.tooManyFiles', 'transport.tooManyFilesHint'],
  EACCES: ['transport.notPermitted', 'transport.notPermittedHint'],
  EPERM: ['transport.notPermitted', 'transport.notPermittedHint'],
  ENOENT: ['transport.noSuchSocket', 'transport.refusedHint'],
  ECONNRESET: ['transport.resetWhileDialling', 'transport.refusedHint'],
}

/** A failed connect. */
export function dialFailed(caught: unknown, address: string): KiteError {
  const code = systemCode(first(caught))
  const [key, hint] = dialKeys[code] ?? ['transport.dialFailed', undefined]
  return connectionError('get_connection', key, { address, reason: code === '' ? String(caught) : code }, hint)
}

/** A connect that took too long. */
export const dialTimedOut = (address: string, timeoutMs: number): KiteError =>
  connectionError('get_connection', 'transport.dialTimedOut', { address, timeoutMs }, 'transport.unansweredHint')

/** A connection that broke while a message was on its way. `received` counts bytes of the unfinished reply. */
export function connectionBroke(caught: unknown, address: string, received: number): KiteError {
  const code = systemCode(caught)
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') {
    const error = (key: string): KiteError => connectionError('remote_or_network', key, { address, bytes: received }, 'transport.resetHint')
    return received > 0 ? error('transport.resetInReply') : new Unanswered(error('transport.resetBeforeReply'))
  }
  return connectionError('remote_or_network', 'transport.connectionFailed', { address, reason: code === '' ? String(caught) : code })
}

/** The connection ended without a byte of a reply; whether the peer did what it was asked nobody knows. */
export class Unanswered extends KiteError {
  constructor({ data }: KiteError) {
    super(data)
  }
}

/** The peer closed in good order instead of answering. */
export const closedBeforeReply = (address: string): KiteError =>
  new Unanswered(connectionError('remote_or_network', 'transport.closedBeforeReply', { address }, 'transport.closedBeforeReplyHint'))

/** An error of layer `connection`. */
export function connectionError(code: ErrorCode, key: string, params: Readonly<Record<string, string | number>>, hint?: string): KiteError {
  const more: { readonly hint?: Text } = hint === undefined ? {} : { hint: { key: hint, params } }
  return fail(code, 'connection', key, params, more)
}

/** Node joins the failures of several resolved addresses into one AggregateError; the first tells the most. */
function first(caught: unknown): unknown {
  return caught instanceof AggregateError && systemCode(caught) === '' ? caught.errors[0] : caught
}
