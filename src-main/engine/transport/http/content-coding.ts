// Undoes `Content-Encoding` under a budget: what counts is how far the body grows, never the size that it claims. A body in a coding that
// is not known is handed on as it came, with a word about it.

import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { compressorOf } from '../compress/compress.ts'
import { systemCode } from '../socket-errors.ts'
import { headersOf } from './types.ts'

/** What a request offers to understand. */
export const acceptEncoding = 'gzip, deflate, br, zstd'

type Inflate = (bytes: Buffer, maxOutputLength: number) => Buffer | Promise<Buffer>

const inflaters: Readonly<Record<string, Inflate>> = {
  gzip: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  'x-gzip': (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  // Some servers send raw deflate data, against RFC 9110 8.4.1.2; the first byte tells.
  deflate: (bytes, maxOutputLength) => (((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, { maxOutputLength }) : inflateRawSync(bytes, { maxOutputLength })),
  // Its own loader keeps WebAssembly out of calls that never meet it.
  zstd: async (bytes, maxOutputLength) => (await compressorOf('zstd')).decompress(bytes, maxOutputLength),
  br: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }),
}

/** More than one is rare; each costs as much time as the whole budget. */
const maxCodings = 5

/** A body as it was before it was compressed. */
export interface PlainBody {
  readonly bytes: Buffer
  /** Codings undone, the outermost first. */
  readonly codings: readonly string[]
  /** The next one, which is not known: the bytes are still in it. */
  readonly unknown?: string
}

/** Throws KiteError when the body is damaged or grows beyond `maxBytes`. */
export async function undoContentCoding(headers: readonly Pair[], body: Buffer, maxBytes: number): Promise<PlainBody> {
  const codings = headersOf(headers, 'content-encoding').join(',').toLowerCase().split(',').map((one) => one.trim()).filter((one) => one !== '' && one !== 'identity').reverse()
  if (body.length === 0) return { bytes: body, codings: [] }
  if (codings.length > maxCodings) throw fail('remote_or_network', 'frame', 'http.badCompression', { coding: `${codings.slice(0, maxCodings).join(', ')}, …`, reason: `${codings.length} > ${maxCodings}` })
  let bytes = body
  for (const [index, coding] of codings.entries()) {
    const inflate = Object.hasOwn(inflaters, coding) ? inflaters[coding] : undefined
    if (inflate === undefined) return { bytes, codings: codings.slice(0, index), unknown: coding }
    bytes = await inflated(inflate, bytes, coding, maxBytes)
  }
  return { bytes, codings }
}

async function inflated(inflate: Inflate, bytes: Buffer, coding: string, limit: number): Promise<Buffer> {
  try {
    return await inflate(bytes, limit)
  } catch (caught) {
    if (caught instanceof KiteError) throw caught
    const code = systemCode(caught)
    if (code === 'ERR_BUFFER_TOO_LARGE') throw fail('remote_or_network', 'frame', 'http.inflatesTooFar', { coding, limit, bytes: bytes.length }, { hint: { key: 'http.bodyTooLargeHint' } })
    throw fail('remote_or_network', 'frame', 'http.badCompression', { coding, reason: caught instanceof Error ? caught.message : code })
  }
}
