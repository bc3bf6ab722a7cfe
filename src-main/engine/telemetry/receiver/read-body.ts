// Reads a request's body with one ceiling that counts bytes after decompression, while they come: a zip bomb is stopped at the
// ceiling, not found out afterwards. A sender that falls silent is cut off by the deadline.

import { createGunzip, createInflate } from 'node:zlib'
import type { Readable } from 'node:stream'

/** Recommended ceiling of the specification (opentelemetry-proto, "Request size"). */
export const maxBodyBytes = 64 * 1024 * 1024

export const bodyDeadlineMs = 30_000

export const acceptedEncodings = 'gzip, deflate, identity'

export type BodyProblem = 'too-large' | 'unknown-encoding' | 'undecodable' | 'timeout' | 'aborted'

/** Why a body could not be read. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly problem: BodyProblem

  constructor(problem: BodyProblem, message: string) {
    super(message)
    this.problem = problem
  }
}

export type ContentEncoding = 'identity' | 'gzip' | 'deflate'

/** Throws {@link BodyError} for an encoding that is not spoken here. */
export function parseEncoding(header: string | undefined): ContentEncoding {
  const name = (header ?? 'identity').trim().toLowerCase()
  if (name === '' || name === 'identity') return 'identity'
  if (name === 'gzip' || name === 'deflate') return name
  throw new BodyError('unknown-encoding', `content encoding ${name} is not accepted: send ${acceptedEncodings}`)
}

export interface BodyLimits {
  readonly maxBytes: number
  readonly deadlineMs: number
}

/** Throws {@link BodyError}. */
export async function readBody(source: Readable, encoding: ContentEncoding, limits: BodyLimits): Promise<Buffer> {
  const decoder = encoding === 'gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : undefined
  const output: Readable = decoder === undefined ? source : source.pipe(decoder)
  const timer = setTimeout(() => output.destroy(new BodyError('timeout', `the body did not arrive within ${limits.deadlineMs / 1000} s`)), limits.deadlineMs)
  const cut = (): void => void decoder?.destroy(new BodyError('aborted', 'the sender went away'))
  source.once('error', cut)
  source.once('aborted', cut)
  try {
    return await collect(output, limits.maxBytes)
  } catch (caught) {
    throw caught instanceof BodyError ? caught : new BodyError(isInputError(caught) ? 'undecodable' : 'aborted', caught instanceof Error ? caught.message : String(caught))
  } finally {
    clearTimeout(timer)
    source.removeListener('error', cut)
    source.removeListener('aborted', cut)
    decoder?.destroy()
  }
}

async function collect(output: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of output.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new BodyError('too-large', `the request is larger than ${maxBytes} bytes after decompression`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, size)
}

/** zlib's errors carry codes such as Z_DATA_ERROR and Z_BUF_ERROR. */
function isInputError(caught: unknown): boolean {
  return caught instanceof Error && 'code' in caught && typeof caught.code === 'string' && caught.code.startsWith('Z_')
}
