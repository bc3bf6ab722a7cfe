// Where the messages of a gRPC stream lie in its kept bytes: DATA frames cut them anywhere, so each is found by its prefix along the parts of the body.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { BodyPart } from '../http2/explain-frames.ts'
import { prefixBytes } from './message-assembly.ts'

/** A whole message in the body of a stream. */
export interface MessageSpan {
  readonly compressed: boolean
  readonly length: number
  readonly prefixStart: number
  readonly start: number
  readonly end: number
  readonly pieces: readonly BodyPart[]
}

/** Whole messages of the kept body, and where their pieces lie. */
export function messageSpans(bytes: Buffer, body: readonly BodyPart[]): readonly MessageSpan[] {
  const spans: MessageSpan[] = []
  const walk = new BodyWalk(body)
  for (;;) {
    const prefix = walk.take(prefixBytes)
    const [first] = prefix
    if (first === undefined || size(prefix) < prefixBytes) return spans
    const head = Buffer.concat(prefix.map(({ start, end }) => bytes.subarray(start, end)))
    const length = head.readUInt32BE(1)
    const pieces = walk.take(length)
    if (size(pieces) < length) return spans
    const start = pieces[0]?.start ?? prefix.at(-1)?.end ?? first.end
    spans.push({ compressed: head[0] === 1, length, prefixStart: first.start, start, end: pieces.at(-1)?.end ?? start, pieces: pieces.length === 0 ? [{ start, end: start }] : pieces })
  }
}

const size = (parts: readonly BodyPart[]): number => parts.reduce((sum, { start, end }) => sum + end - start, 0)

class BodyWalk {
  readonly #parts: readonly BodyPart[]
  #index = 0
  #at = 0

  constructor(parts: readonly BodyPart[]) {
    this.#parts = parts
  }

  take(bytes: number): readonly BodyPart[] {
    const taken: BodyPart[] = []
    let left = bytes
    while (left > 0) {
      const part = this.#parts[this.#index]
      if (part === undefined) return taken
      const start = part.start + this.#at
      const end = Math.min(part.end, start + left)
      if (end > start) taken.push({ start, end })
      left -= end - start
      this.#at = end - part.start
      if (end < part.end) return taken
      this.#index++
      this.#at = 0
    }
    return taken
  }
}

/** Puts the prefixes that begin in a DATA frame among its parts. */
export function withPrefixes(frame: ByteNode, spans: readonly MessageSpan[]): ByteNode {
  if (frame.name !== 'DATA') return frame
  const prefixes = spans.filter(({ prefixStart }) => prefixStart >= frame.start && prefixStart < frame.end).map((span) => prefixNode(span, frame.end))
  return { ...frame, children: [...(frame.children ?? []), ...prefixes].sort((a, b) => a.start - b.start) }
}

function prefixNode({ compressed, length, prefixStart }: MessageSpan, frameEnd: number): ByteNode {
  const end = Math.min(prefixStart + prefixBytes, frameEnd)
  const whole = end - prefixStart === prefixBytes
  return {
    start: prefixStart, end, name: 'gRPC prefix', kind: 'header',
    children: whole
      ? [
          { start: prefixStart, end: prefixStart + 1, name: 'compressed', kind: 'value', type: 'u8', value: compressed ? '1' : '0' },
          { start: prefixStart + 1, end, name: 'message length', kind: 'value', type: 'u32', value: String(length) },
        ]
      : [],
  }
}
