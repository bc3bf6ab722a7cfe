// Compression of single messages, as gRPC, gRPC-Web and Connect have it. What comes out is bounded by a budget and never by what the bytes
// claim: two bytes of a bomb may stand for a gigabyte. Each algorithm is loaded when it is first asked for.

import { constants, deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { fail } from '../../../../shared/base/error.ts'
import type { Compression } from '../../../../shared/model/protocol.ts'
import type { Compressor } from './compressor.ts'
import { tooLarge, unreadable } from './errors.ts'

export type { Compressor }

/** `deflate` is not offered for sending, but gRPC servers may choose it. */
export type CompressionName = Compression | 'deflate'

const identity: Compressor = { compress: (bytes) => bytes, decompress: (bytes) => bytes }
const gzip: Compressor = { compress: (bytes) => gzipSync(bytes, fast), decompress: (bytes, budget) => inflated('gzip', gunzipSync, bytes, budget) }
/** The zlib form as gRPC means it; the raw form, which some peers send under that name, is read as well. */
const deflate: Compressor = {
  compress: (bytes) => deflateSync(bytes, fast),
  decompress: (bytes, budget) => inflated('deflate', isZlib(bytes) ? inflateSync : inflateRawSync, bytes, budget),
}

/** What Go's gRPC peers use: speed matters more than the last percent. */
const fast = { level: constants.Z_DEFAULT_COMPRESSION }

/** Throws KiteError for a name that is none of ours. */
export async function compressorOf(name: CompressionName): Promise<Compressor> {
  switch (name) {
    case 'none':
      return identity
    case 'gzip':
      return gzip
    case 'deflate':
      return deflate
    case 'snappy':
      return (await import('./snappy.ts')).snappy
    case 'zstd':
      return (await import('./zstd.ts')).loadZstd()
  }
}

/** The compression that a peer named in a header; throws KiteError of code `protocol` for one that is not known. */
export function compressionNamed(encoding: string): CompressionName {
  switch (encoding) {
    case 'identity':
    case '':
      return 'none'
    case 'gzip':
    case 'deflate':
    case 'snappy':
    case 'zstd':
      return encoding
    default:
      throw fail('protocol', 'frame', 'grpc.compressUnknown', { name: encoding.slice(0, 80) }, { hint: { key: 'grpc.compressUnknownHint' } })
  }
}

type Inflate = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer

function inflated(name: string, inflate: Inflate, bytes: Buffer, budgetBytes: number): Buffer {
  try {
    // zlib refuses a limit of 0.
    const out = inflate(bytes, { maxOutputLength: Math.max(1, budgetBytes) })
    if (out.length <= budgetBytes) return out
  } catch (caught) {
    if (!(caught instanceof RangeError)) throw unreadable(name, bytes.length, caught instanceof Error ? caught.message : String(caught))
  }
  throw tooLarge(name, bytes.length, budgetBytes)
}

/** RFC 1950 2.2: method 8, and both bytes are a multiple of 31. */
const isZlib = (bytes: Buffer): boolean => bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0
