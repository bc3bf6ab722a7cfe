// Reads a whole body under a bound, which is checked on the announced length first.

import type { KiteError } from '../../../../shared/base/error.ts'
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
  const chunks: Buffer[] = []
  let total = 0
  if (declared > maxBytes) throw refused(maxBytes, refuse)
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    total += chunk.length
    if (total > maxBytes) throw refused(maxBytes, refuse)
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

function refused(limit: number, refuse: BodyReading['refuse']): KiteError {
  const error = bodyTooLarge(limit)
  refuse(error)
  return error
}
