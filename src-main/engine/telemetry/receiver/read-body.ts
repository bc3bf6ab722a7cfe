// Reads a request's body with one ceiling that counts bytes after decompression, while they come: a zip bomb is stopped at the
// ceiling, not found out afterwards. A sender that falls silent is cut off by the deadline.

import { createGunzip, createInflate } from 'node:zlib'
import type { Readable } from 'node:stream'

/** Recommended ceiling of the specification (opentelemetry-proto, "Request size"). */
export const maxBodyBytes = 64 * 1024 * 1024

export const bodyDeadlineMs = 30_000

export const acceptedEncodings = 'gzip, deflate, identity'

/** Bodies that arrive at once, taken together: four of the largest. */
export const maxHeldBytes = 4 * maxBodyBytes

export type BodyProblem = 'busy' | 'too-large' | 'unknown-encoding' | 'undecodable' | 'timeout' | 'aborted'

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
  /** Shared by all bodies of one receiver: many senders at once must not fill memory. */
  readonly held?: HeldBytes
}

/** What unfinished bodies hold by now. */
export interface HeldBytes {
  readonly max: number
  bytes: number
}

/** Throws {@link BodyError}. The source is left alone, so that an answer can still be sent on its connection. */
export function readBody(source: Readable, encoding: ContentEncoding, limits: BodyLimits): Promise<Buffer> {
  const decoder = encoding === 'gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : undefined
  const output: Readable = decoder === undefined ? source : source.pipe(decoder)
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const stop = (problem: BodyProblem, message: string): void => {
      finish()
      reject(new BodyError(problem, message))
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (limits.held !== undefined) limits.held.bytes += chunk.length
      if (size > limits.maxBytes) stop('too-large', `the request is larger than ${limits.maxBytes} bytes after decompression`)
      else if (limits.held !== undefined && limits.held.bytes > limits.held.max) stop('busy', 'too much arrives at once: send again in a moment')
      else chunks.push(chunk)
    }
    const onEnd = (): void => {
      finish()
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, size))
    }
    const onError = (caught: Error): void => stop(isInputError(caught) ? 'undecodable' : 'aborted', caught.message)
    const onGone = (): void => stop('aborted', 'the sender went away')
    const timer = setTimeout(() => stop('timeout', `the body did not arrive within ${limits.deadlineMs / 1000} s`), limits.deadlineMs)
    const finish = (): void => {
      clearTimeout(timer)
      if (limits.held !== undefined) limits.held.bytes -= size
      output.off('data', onData).off('end', onEnd).off('error', onError)
      source.off('error', onError).off('aborted', onGone).off('close', onGone)
      if (decoder === undefined) return
      source.unpipe(decoder)
      decoder.on('error', () => undefined).destroy()
    }
    source.on('error', onError).on('aborted', onGone)
    if (decoder === undefined) source.on('close', onGone)
    output.on('data', onData).on('end', onEnd)
    if (decoder !== undefined) output.on('error', onError)
  })
}

/** zlib's errors carry codes such as Z_DATA_ERROR and Z_BUF_ERROR. */
function isInputError(caught: unknown): boolean {
  return caught instanceof Error && 'code' in caught && typeof caught.code === 'string' && caught.code.startsWith('Z_')
}
