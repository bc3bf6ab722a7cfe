// A message with gRPC's prefix, as it goes into the body of a stream.

import type { Compression } from '../../../../shared/model/protocol.ts'
import { compressorOf, type Compressor } from '../compress/compress.ts'
import type { Http2Stream } from '../http2/stream.ts'
import { prefixBytes } from './message-assembly.ts'

/** Larger ones are not copied for the sake of one frame less. */
const copiedBytes = 64 * 1024

/** What compresses the messages of a call; undefined where nothing does. */
export const compressorFor = async (compress: Compression): Promise<Compressor | undefined> => (compress === 'none' ? undefined : await compressorOf(compress))

/** Queues a message, compressed already or not at all; `done` runs when flow control has taken it. */
export function writeMessage(stream: Http2Stream, body: Buffer, compressed: boolean, last: boolean, done?: () => void): void {
  const joined = body.length <= copiedBytes
  const head = Buffer.allocUnsafe(joined ? prefixBytes + body.length : prefixBytes)
  head[0] = compressed ? 1 : 0
  head.writeUInt32BE(body.length, 1)
  if (joined) body.copy(head, prefixBytes)
  else stream.write(head, false)
  stream.write(joined ? head : body, last, done)
}
