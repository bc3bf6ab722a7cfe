// One direction of an HTTP/2 connection as somebody captured it: frames, header fields, and for each gRPC stream its messages. Nothing is known but the
// bytes, so header fields are decoded here, one by one: a dump that begins in the middle lacks entries of HPACK's table, and only those fields stay unread.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { flag, frameHeadBytes, frameType } from '../http2/constants.ts'
import { explainFrames, type BodyPart } from '../http2/explain-frames.ts'
import { fieldSpans } from '../http2/field-spans.ts'
import { HpackDecoder } from '../http2/hpack-decoder.ts'
import { firstFrame } from '../http2/is-http2.ts'
import { payloadStart } from '../http2/payload.ts'
import { messageSpans, withPrefixes } from './message-spans.ts'

/** A message in the dump. */
export interface DumpedMessage {
  /** Where its bytes lie, from the first to the last. */
  readonly start: number
  readonly end: number
  readonly bytes: Buffer
  readonly compressed: boolean
  /** It stands in one DATA frame as it is. */
  readonly inPlace: boolean
}

/** What one direction of a gRPC stream carried. */
export interface DumpedStream {
  readonly id: number
  /** Headers, and trailers where there were any; undefined: the dump begins after them. */
  readonly fields: readonly Pair[] | undefined
  readonly messages: readonly DumpedMessage[]
}

export interface ExplainedDump {
  readonly nodes: readonly ByteNode[]
  /** In the order in which they began. */
  readonly streams: readonly DumpedStream[]
}

/** More than any peer's table: what is beyond theirs is never asked for. */
const tableBytes = 1024 * 1024
/** A field whose table entry came before the dump began. */
const unread: Pair = ['?', '']

/** Explains what {@link isHttp2} took for HTTP/2; bytes after the last whole frame are a node of kind `unknown`. */
export function explainDump(raw: Buffer): ExplainedDump {
  const first = firstFrame(raw)
  const whole = endOfFrames(raw, first)
  const bytes = raw.subarray(0, whole)
  const lists = headerLists(bytes, first)
  const body: BodyPart[] = []
  const frames = explainFrames(bytes, lists.map(({ fields }) => fields), body, first)
  const streams = streamsOf(bytes, lists, frames, body)
  const spans = streams.flatMap((stream) => stream.spans)
  const nodes: ByteNode[] = [
    ...(first === 0 ? [] : [{ start: 0, end: first, name: 'connection preface', kind: 'header', type: 'string', value: raw.toString('latin1', 0, first).trim() } as const]),
    ...frames.map((frame) => withPrefixes(frame, spans)),
    ...(whole === raw.length ? [] : [{ start: whole, end: raw.length, name: 'not understood', kind: 'unknown' } as const]),
  ]
  return { nodes, streams: streams.map(({ id, fields, messages }) => ({ id, fields, messages })) }
}

function endOfFrames(bytes: Buffer, first: number): number {
  for (let at = first; ;) {
    if (at + frameHeadBytes > bytes.length) return at
    const end = at + frameHeadBytes + bytes.readUIntBE(at, 3)
    if (end > bytes.length) return at
    at = end
  }
}

interface HeaderList {
  readonly stream: number
  readonly fields: readonly Pair[]
}

/** The header lists in the order of their blocks; a block may go on in CONTINUATION frames. */
function headerLists(bytes: Buffer, first: number): readonly HeaderList[] {
  const decoder = new HpackDecoder(tableBytes)
  const lists: HeaderList[] = []
  let parts: Buffer[] = []
  for (let at = first; at + frameHeadBytes <= bytes.length;) {
    const type = bytes[at + 3] ?? 0
    const flags = bytes[at + 4] ?? 0
    const start = at + frameHeadBytes
    const end = start + bytes.readUIntBE(at, 3)
    if (type === frameType.headers || type === frameType.continuation) {
      const padding = type === frameType.headers && (flags & flag.padded) !== 0 ? bytes[start] ?? 0 : 0
      parts.push(bytes.subarray(payloadStart(type, flags, start), Math.max(start, end - padding)))
      if ((flags & flag.endHeaders) !== 0) {
        lists.push({ stream: streamAt(bytes, at), fields: fieldsOf(decoder, Buffer.concat(parts)) })
        parts = []
      }
    }
    at = end
  }
  return lists
}

const streamAt = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 5) & 0x7fffffff

function fieldsOf(decoder: HpackDecoder, block: Buffer): readonly Pair[] {
  return fieldSpans(block, 0, block.length).flatMap(({ start, end, kind }) => {
    try {
      return decoder.decode(block, start, end).fields
    } catch {
      return kind === 'table size' ? [] : [unread]
    }
  })
}

type Found = DumpedStream & { readonly spans: ReturnType<typeof messageSpans> }

function streamsOf(bytes: Buffer, lists: readonly HeaderList[], frames: readonly ByteNode[], body: readonly BodyPart[]): readonly Found[] {
  const parts = new Map<number, BodyPart[]>()
  let next = 0
  for (const frame of frames) {
    const id = streamAt(bytes, frame.start)
    const known = parts.get(id) ?? []
    if (frame.name === 'HEADERS' || frame.name === 'DATA') parts.set(id, known)
    for (let part = body[next]; part !== undefined && part.start < frame.end; part = body[++next]) known.push(part)
  }
  return [...parts].map(([id, own]) => {
    const fields = lists.filter(({ stream }) => stream === id).flatMap((list) => list.fields)
    const spans = isGrpc(fields) ? messageSpans(bytes, own) : []
    return { id, fields: fields.length === 0 ? undefined : fields, spans, messages: spans.map((span): DumpedMessage => ({
      start: span.start, end: span.end, compressed: span.compressed, inPlace: span.pieces.length === 1 && !span.compressed, bytes: Buffer.concat(span.pieces.map(({ start, end }) => bytes.subarray(start, end))),
    })) }
  })
}

/** A stream whose headers are not in the dump is taken for gRPC, which it most likely is. */
function isGrpc(fields: readonly Pair[]): boolean {
  const type = fieldOf(fields, 'content-type')
  return type === undefined || type.startsWith('application/grpc')
}

/** The first value of a header. */
export const fieldOf = (fields: readonly Pair[], name: string): string | undefined => fields.find(([key]) => key === name)?.[1]
