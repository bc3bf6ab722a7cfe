// A dump of TTHeader Streaming explained to its fields: the transport tells frames apart, the codec reads each message. Beside both, since they do
// not know each other.

import type { IdlSet } from '../../shared/model/idl.ts'
import type { ByteNode } from '../../shared/model/layout.ts'
import { placeNodes } from './byte-views.ts'
import type { Direction, MethodCodec, PayloadCodec } from './codec/codec.ts'
import { createCodec } from './codec/codecs.ts'
import type { ExplainedFrame, ExplainOptions } from './explained-frame.ts'
import { findMethod } from './idl/find-method.ts'
import { explainStream as explainFrames, type ExplainedStream } from './transport/ttstream/explain-stream.ts'

/** Explains what begins with a frame of TTHeader Streaming. */
export async function explainStream(raw: Buffer, idl: IdlSet | undefined, { method, format }: ExplainOptions): Promise<ExplainedFrame> {
  const stream = explainFrames(raw)
  const payload = await createCodec('thrift-binary')
  const codec = idl === undefined ? undefined : codecOf(payload, idl, stream, method)
  // Only a client names the service, in its first frame.
  const direction: Direction = stream.service === undefined ? 'reply' : 'request'
  const explain = (message: Buffer, start: number): readonly ByteNode[] => (codec === undefined ? payload.explain(message, start, 'bare') : codec.explain(message, start, direction))
  const nodes = placeNodes(stream.nodes, stream.messages.flatMap(({ start, end }) => explain(raw.subarray(start, end), start)))
  return { transport: 'ttheader-streaming', head: undefined, nodes, json: codec === undefined ? undefined : jsonOf(stream, codec, direction, format), warnings: [], error: stream.error }
}

/** A method that the IDL does not have is explained without it. */
function codecOf(payload: PayloadCodec, idl: IdlSet, { service, method: told }: ExplainedStream, method: string | undefined): MethodCodec | undefined {
  const name = method ?? (service === undefined ? told : `${service}/${told ?? ''}`)
  const found = name === undefined ? undefined : findMethod(idl, name)
  return found?.ok === true ? payload.forMethod(idl, found.value.service, found.value.method, { envelope: 'bare' }) : undefined
}

/** The messages one after the other; undefined where one cannot be read, which its nodes show. */
function jsonOf({ bytes, messages }: ExplainedStream, codec: MethodCodec, direction: Direction, format: ExplainOptions['format']): string | undefined {
  const texts: string[] = []
  for (const { start, end } of messages) {
    try {
      const message = bytes.subarray(start, end)
      const read = direction === 'request' ? codec.decodeRequest(message, format) : codec.decodeReply(message, format)
      if (!('json' in read)) return undefined
      texts.push(read.json)
    } catch {
      return undefined
    }
  }
  // One message is its value, several are a list of theirs.
  return texts.length === 1 ? texts[0] : texts.length === 0 ? undefined : `[${texts.join(',')}]`
}
