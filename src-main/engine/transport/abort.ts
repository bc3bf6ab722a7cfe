// Turns an aborted signal into the error to throw: whoever aborts may say why by a KiteError as its reason.

import { fail, KiteError } from '../../../shared/base/error.ts'

/** The error of an aborted signal: its own reason, a timeout, or a plain cancel. */
export function abortError(signal: AbortSignal): KiteError {
  const reason: unknown = signal.reason
  if (reason instanceof KiteError) return reason
  if (reason instanceof Error && reason.name === 'TimeoutError') return fail('rpc_timeout', 'connection', 'transport.timedOut')
  return fail('cancelled', 'connection', 'error.cancelled')
}

/** Runs `onAbort` when the signal aborts, until the returned function is called. The caller has looked that it is not aborted yet. */
export function whenAborted(signal: AbortSignal, onAbort: () => void): () => void {
  signal.addEventListener('abort', onAbort, { once: true })
  return () => signal.removeEventListener('abort', onAbort)
}
