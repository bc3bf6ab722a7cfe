// The reply to a request whose body is envelopes, as the parts of a stream: header, messages, and a trailer whatever happens. gRPC-Web and
// Connect's streams differ only in the rules they hand in.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { compressionNamed, compressorOf } from '../compress/compress.ts'
import { decodeMetadata } from '../grpc/metadata.ts'
import { headerOf, type HttpReply, type ReplyHead } from '../http/types.ts'
import type { HeaderInfo, StreamPart } from '../transport.ts'
import { Base64Reader } from './base64-reader.ts'
import { compressedFlag, type Envelope, EnvelopeReader } from './envelope-reader.ts'

/** How a reply ended. */
export interface Ending {
  readonly trailer: readonly Pair[]
  readonly fault?: ErrorData
}

/** What gRPC-Web and Connect do each in its own way. */
export interface EnvelopeRules {
  /** Bit of the flags that marks the envelope which ends the reply. */
  readonly endFlag: number
  /** Header that names the compression of the messages. */
  readonly encodingHeader: string
  /** Whether the head promises a body of envelopes; `text`: in base64. */
  kindOf(head: ReplyHead): 'envelopes' | 'text' | undefined
  /** What a reply without envelopes says. */
  refusal(head: ReplyHead, body: Buffer, method: string): Ending
  /** What stands in the last envelope. */
  ending(content: Buffer, method: string): Ending
  /** What it means that the body ended without a last envelope. */
  missing(head: ReplyHead, method: string): Ending
}

export interface EnvelopedReplyOptions {
  readonly rules: EnvelopeRules
  readonly maxMessageBytes: number
  /** `Service/Method`. */
  readonly method: string
}

/** What is read of a reply that is not what was asked for: enough for an error document. */
export const maxRefusalBytes = 1024 * 1024

/** HTTP's header as pairs of metadata: names in lower case, binary values padded. */
export const metadataOf = (headers: readonly Pair[]): readonly Pair[] => decodeMetadata(headers.map(([name, value]): Pair => [name.toLowerCase(), value]))

export const pairsInfo = (strings: readonly Pair[]): HeaderInfo => ({ strings, ints: [] })

export class EnvelopedReply {
  /** Messages that came compressed, as they were before; for the byte view. */
  readonly decompressed: Buffer[] = []
  readonly #reply: HttpReply
  readonly #options: EnvelopedReplyOptions
  readonly #reader: EnvelopeReader
  readonly #kind: 'envelopes' | 'text' | undefined
  readonly #base64 = new Base64Reader()
  #state: 'head' | 'body' | 'over' = 'head'

  constructor(reply: HttpReply, options: EnvelopedReplyOptions) {
    this.#reply = reply
    this.#options = options
    this.#reader = new EnvelopeReader(options.maxMessageBytes)
    this.#kind = options.rules.kindOf(reply)
  }

  /** The next parts, at least one; none after the trailer. Throws KiteError when the connection breaks or the body is malformed. */
  async next(): Promise<readonly StreamPart[]> {
    if (this.#state === 'over') return []
    if (this.#state === 'head') {
      this.#state = 'body'
      return [{ kind: 'header', header: pairsInfo(metadataOf(this.#reply.headers)) }]
    }
    if (this.#kind === undefined) return [await this.#refused()]
    for (;;) {
      const chunk = await this.#reply.next()
      if (chunk === undefined) return [this.#brokenOff()]
      const parts = await this.#partsOf(this.#reader.push(this.#kind === 'text' ? this.#base64.push(chunk) : chunk))
      if (parts.length > 0) return parts
    }
  }

  async #refused(): Promise<StreamPart> {
    this.#state = 'over'
    const body = await this.#reply.read(maxRefusalBytes)
    return trailerPart(this.#options.rules.refusal(this.#reply, body, this.#options.method))
  }

  #brokenOff(): StreamPart {
    this.#state = 'over'
    const { unfinished } = this.#reader
    if (unfinished === 0) return trailerPart(this.#options.rules.missing(this.#reply, this.#options.method))
    return trailerPart({ trailer: [], fault: fail('protocol', 'remote', 'grpc.messageCutShort', { bytes: unfinished }).data })
  }

  async #partsOf(envelopes: readonly Envelope[]): Promise<readonly StreamPart[]> {
    const parts: StreamPart[] = []
    for (const { flags, bytes } of envelopes) {
      const content = (flags & compressedFlag) === 0 ? bytes : await this.#decompress(bytes)
      if ((flags & this.#options.rules.endFlag) !== 0) {
        this.#state = 'over'
        await this.#drain()
        return [...parts, trailerPart(this.#options.rules.ending(content, this.#options.method))]
      }
      if ((flags & ~compressedFlag) !== 0) throw fail('protocol', 'frame', 'grpc.envelopeFlags', { flags })
      parts.push({ kind: 'message', message: content, wireBytes: bytes.length, compressed: content !== bytes })
    }
    return parts
  }

  /** Nothing follows the last envelope but the end of the body, which has to be read before the connection serves again. */
  async #drain(): Promise<void> {
    for (let left = maxRefusalBytes, chunk = await this.#reply.next(); chunk !== undefined; chunk = await this.#reply.next()) {
      left -= chunk.length
      if (left < 0) throw fail('protocol', 'frame', 'grpc.bytesAfterEnd', {})
    }
  }

  async #decompress(bytes: Buffer): Promise<Buffer> {
    const name = compressionNamed(headerOf(this.#reply.headers, this.#options.rules.encodingHeader) ?? '')
    if (name === 'none') throw fail('protocol', 'frame', 'grpc.compressedUnnamed', { header: this.#options.rules.encodingHeader })
    const plain = (await compressorOf(name)).decompress(bytes, this.#options.maxMessageBytes)
    if (this.decompressed.length < 100) this.decompressed.push(plain)
    return plain
  }
}

const trailerPart = ({ trailer, fault }: Ending): StreamPart => ({ kind: 'trailer', header: pairsInfo(trailer), ...(fault === undefined ? {} : { fault }) })
