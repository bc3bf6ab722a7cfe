// A dump of HTTP/2 explained to the fields of its gRPC messages: the transport tells frames and messages apart, the codec reads each message. Beside
// both, since they do not know each other.

import { KiteError } from '../../shared/base/error.ts'
import type { ErrorData } from '../../shared/base/error.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { ByteNode } from '../../shared/model/layout.ts'
import { placeNodes } from './byte-views.ts'
import type { CodecName, Direction, MethodCodec, PayloadCodec } from './codec/codec.ts'
import { createCodec } from './codec/codecs.ts'
import type { ExplainedFrame, ExplainOptions } from './explained-frame.ts'
import { findMethod } from './idl/find-method.ts'
import { compressionNamed, compressorOf } from './transport/compress/compress.ts'
import { explainDump, fieldOf, type DumpedMessage, type DumpedStream } from './transport/grpc/explain-dump.ts'

/** What a message of a dump may grow to when it is decompressed. */
const budgetBytes = 64 * 1024 * 1024

/** How the messages of one stream are read; `codec` where the IDL has its method. */
interface Reader {
  readonly payload: PayloadCodec
  readonly codec: MethodCodec | undefined
  readonly direction: Direction
}

/** Explains one direction of an HTTP/2 connection, from its preface or from any frame on. */
export async function explainHttp2(raw: Buffer, idl: IdlSet | undefined, options: ExplainOptions): Promise<ExplainedFrame> {
  const dump = explainDump(raw)
  const inner: ByteNode[] = []
  const texts: (string | undefined)[] = []
  let error: ErrorData | undefined
  for (const stream of dump.streams) {
    const reader = await readerOf(stream, idl, options)
    for (const message of stream.messages) {
      if (message.inPlace) inner.push(...explained(reader, message))
      try {
        texts.push(await jsonOf(reader, stream, message, options.format))
      } catch (caught) {
        error ??= inDump(KiteError.from(caught, 'codec').data, message)
        texts.push(undefined)
      }
    }
  }
  // Streams take turns on a connection, so their messages are put in the order of the bytes.
  const nodes = placeNodes(dump.nodes, inner.toSorted((a, b) => a.start - b.start || a.end - b.end))
  return { transport: 'grpc', head: undefined, nodes, json: joined(texts), warnings: [], error }
}

async function readerOf({ fields = [] }: DumpedStream, idl: IdlSet | undefined, { method, codec = 'auto' }: ExplainOptions): Promise<Reader> {
  const name = method ?? fieldOf(fields, ':path')?.slice(1)
  const found = idl === undefined || name === undefined ? undefined : methodOf(idl, name)
  // A method named by the caller must exist; one named by the bytes may be of another IDL.
  if (method !== undefined && found?.ok === false) throw new KiteError(found.error)
  const payload = await createCodec(codec !== 'auto' ? codec : codecOf(fieldOf(fields, 'content-type'), found?.ok === true ? found.value.service.language : undefined))
  // Only a client says `:path`, only a server `:status`.
  const direction: Direction = fieldOf(fields, ':status') === undefined ? 'request' : 'reply'
  return { payload, direction, codec: idl !== undefined && found?.ok === true ? payload.forMethod(idl, found.value.service, found.value.method, { envelope: 'bare' }) : undefined }
}

/** Kitex puts a Thrift service's Go package before its name, which a Thrift IDL's services do not have. */
function methodOf(idl: IdlSet, name: string): ReturnType<typeof findMethod> {
  const found = findMethod(idl, name)
  if (found.ok) return found
  const bare = findMethod(idl, name.replace(/^[^/]*\.(?=[^./]+\/)/, ''))
  return bare.ok ? bare : found
}

/** `application/grpc+thrift` is Kitex's (kitex.md 1.10); a reply may be plain `application/grpc` all the same, and then the IDL tells. */
function codecOf(contentType: string | undefined, language: string | undefined): CodecName {
  if (contentType?.endsWith('+json') === true) return 'json'
  return contentType?.endsWith('+thrift') === true || language === 'thrift' ? 'thrift-binary' : 'protobuf'
}

function explained({ payload, codec, direction }: Reader, { bytes, start }: DumpedMessage): readonly ByteNode[] {
  return codec === undefined ? payload.explain(bytes, start, 'bare') : codec.explain(bytes, start, direction)
}

async function jsonOf({ codec, direction }: Reader, { fields = [] }: DumpedStream, { bytes, compressed }: DumpedMessage, format: ExplainOptions['format']): Promise<string | undefined> {
  if (codec === undefined) return undefined
  const message = compressed ? (await compressorOf(compressionNamed(fieldOf(fields, 'grpc-encoding') ?? ''))).decompress(bytes, budgetBytes) : bytes
  const read = direction === 'request' ? codec.decodeRequest(message, format) : codec.decodeReply(message, format)
  return 'json' in read ? read.json : undefined
}

/** The codec counts from the begin of its message, a reader of the dump from the begin of the dump. */
function inDump(error: ErrorData, { start, inPlace }: DumpedMessage): ErrorData {
  return error.at?.offset === undefined || !inPlace ? error : { ...error, at: { ...error.at, offset: error.at.offset + start } }
}

/** One message is its value, several are a list of theirs; undefined where one could not be read. */
function joined(texts: readonly (string | undefined)[]): string | undefined {
  if (texts.length === 0 || texts.some((text) => text === undefined)) return undefined
  return texts.length === 1 ? texts[0] : `[${texts.join(',')}]`
}
