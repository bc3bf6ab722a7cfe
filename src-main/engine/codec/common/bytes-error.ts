// Turns a breach of the wire format into an error that says the byte offset, the field path and what was expected there.

import { fail, type KiteError } from '../../../../shared/base/error.ts'
import type { Breach } from './breach.ts'

/** `path` is empty or undefined where the breach is not inside a field. */
export function bytesError(breach: Breach, path: string | undefined): KiteError {
  const at = { offset: breach.offset, ...(path === undefined || path === '' ? {} : { path }) }
  return fail('protocol', 'codec', breach.key, breach.params, { at })
}
