// Reads a whole body under a bound, which is checked on the announced length first.

import type { KiteError } from '../../../../shared/base/error.ts'
import { Gather } from '../gather.ts'
import { bodyTooLarge } from './errors.ts'

export interface BodyReading {
  readonly next: () => Promise<Buffer | undefined>
  /** `Content-Length`, or 0. */
  readonly declared: number
  readonly maxBytes: number
  /** Ends the exchange, since the rest is not wanted. */
  readonly refuse: (error: KiteError) => void
}

/** All bytes at once. Throws KiteError. */
export async function readBody({ next, declared, maxBytes, refuse }: BodyReading): Promise<Buffer> {
  const body = new Gather()
  if (declared > maxBytes) throw refused(maxBytes, refuse)
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    body.push(chunk)
    if (body.length > maxBytes) throw refused(maxBytes, refuse)
  }
  return body.bytes()
}

function refused(limit: number, refuse: BodyReading['refuse']): KiteError {
  const error = bodyTooLarge(limit)
  refuse(error)
  return error
}
