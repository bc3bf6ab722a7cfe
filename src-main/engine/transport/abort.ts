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
  heed(signal, onAbort)
  return () => unheed(signal, onAbort)
}

/** The same without a function to call: {@link unheed} ends it, by the same two values. */
export function heed(signal: AbortSignal, onAbort: () => void): void {
  let all = waiting.get(signal)
  if (all === undefined) waiting.set(signal, (all = new Waiting()))
  if (all.size === 0) signal.addEventListener('abort', all.onAbort, { once: true })
  all.add(onAbort)
}

/** Whoever heeded the signal no longer does. */
export function unheed(signal: AbortSignal, onAbort: () => void): void {
  const all = waiting.get(signal)
  if (all?.delete(onAbort) === true && all.size === 0) signal.removeEventListener('abort', all.onAbort)
}

/**
 * Those who wait for one signal. An event target looks through all its listeners to remove one, which many calls under one signal would pay for; it
 * keeps one for all of them, and none when nobody waits, since a signal with listeners may outlive its use.
 */
class Waiting extends Set<() => void> {
  readonly onAbort = (): void => {
    for (const each of this) each()
    this.clear()
  }
}

const waiting = new WeakMap<AbortSignal, Waiting>()
