// The envelopes of a body in the byte view: their heads become parts of their own, and each message stands where it came, or, where it was compressed
// or cut over several chunks, beside the bytes.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import { frameHeadBytes } from '../http2/constants.ts'
import type { Captured } from '../transport.ts'
import { compressedFlag, envelopeHeadBytes } from './envelope-reader.ts'

/** `plain`: messages that travelled compressed, as they were before, in their order. */
export function envelopedCaptured(http: Captured, plain: readonly Buffer[]): Captured {
  const parts = bodyParts(http)
  if (parts.length === 0) return { ...http, messages: [] }
  const body = new Body(http.bytes, parts)
  const heads: ByteNode[] = []
  const messages: Captured['messages'][number][] = []
  let compressed = 0
  for (let at = 0; at + envelopeHeadBytes <= body.length;) {
    const head = body.slice(at, at + envelopeHeadBytes)
    const [flags, end] = [head[0] ?? 0, at + envelopeHeadBytes + head.readUInt32BE(1)]
    heads.push(headNode(body.place(at), flags, end - at - envelopeHeadBytes))
    if (end > body.length) break
    const [from, to] = [body.place(at + envelopeHeadBytes), end === at + envelopeHeadBytes ? body.place(end) : body.place(end - 1) + 1]
    if ((flags & compressedFlag) !== 0) {
      const message = plain[compressed++]
      if (message !== undefined && flags === compressedFlag) messages.push({ start: from, end: to, message })
    } else if (flags === 0) messages.push(to - from === end - at - envelopeHeadBytes ? { start: from, end: to } : { start: from, end: to, message: body.slice(at + envelopeHeadBytes, end) })
    at = end
  }
  return { bytes: http.bytes, nodes: http.nodes.map((node) => withHeads(node, heads)), messages }
}

/** Of HTTP/1.1 a body in one piece stands among the messages and one in chunks among the parts; of HTTP/2 it is what the DATA frames hold. */
function bodyParts({ nodes, messages }: Captured): readonly Range[] {
  const frames = nodes.filter(({ name }) => name === 'DATA').map(payloadOf).filter(({ start, end }) => end > start)
  if (frames.length > 0) return frames
  const chunks = (nodes[0]?.children ?? []).filter(isBody)
  return chunks.length > 0 ? chunks : messages
}

/** A padded frame has the length of its padding before its payload. */
function payloadOf({ start, end, children = [] }: ByteNode): Range {
  const padding = children.find(({ kind }) => kind === 'padding')
  return padding === undefined ? { start: start + frameHeadBytes, end } : { start: start + frameHeadBytes + 1, end: padding.start }
}

interface Range {
  readonly start: number
  readonly end: number
}

const isBody = ({ name, kind }: ByteNode): boolean => name === 'body' && kind === 'message'

/** Puts the heads that begin in a part among its own parts: in HTTP/2 each frame is one. */
function withHeads(node: ByteNode, heads: readonly ByteNode[]): ByteNode {
  const within = heads.filter(({ start }) => start >= node.start && start < node.end)
  if (within.length === 0) return node
  const own = (node.children ?? []).filter((child) => !isBody(child))
  return { ...node, children: [...own, ...within].sort((one, other) => one.start - other.start) }
}

function headNode(start: number, flags: number, length: number): ByteNode {
  return {
    start, end: start + envelopeHeadBytes, name: 'envelope', kind: 'header', children: [
      { start, end: start + 1, name: 'flags', kind: 'value', type: 'u8', value: String(flags) },
      { start: start + 1, end: start + envelopeHeadBytes, name: 'message length', kind: 'value', type: 'u32', value: String(length) },
    ],
  }
}

/** A body that lies in pieces among other bytes, as one. */
class Body {
  readonly length: number
  readonly #bytes: Buffer
  readonly #pieces: readonly Range[]
  readonly #whole: Buffer

  constructor(bytes: Buffer, pieces: readonly Range[]) {
    this.#bytes = bytes
    this.#pieces = pieces.map(({ start, end }) => ({ start: Math.min(start, bytes.length), end: Math.min(end, bytes.length) }))
    this.#whole = Buffer.concat(this.#pieces.map(({ start, end }) => this.#bytes.subarray(start, end)))
    this.length = this.#whole.length
  }

  slice(from: number, to: number): Buffer {
    return this.#whole.subarray(from, to)
  }

  /** Where a position of the body stands among all bytes. */
  place(at: number): number {
    let left = at
    for (const { start, end } of this.#pieces) {
      if (left < end - start) return start + left
      left -= end - start
    }
    return this.#pieces.at(-1)?.end ?? 0
  }
}
