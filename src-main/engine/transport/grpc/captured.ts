// The frames of one gRPC stream explained: every HTTP/2 frame, its header fields, and gRPC's prefixes. Made when somebody looks, since every call
// keeps its bytes and few are looked at.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Captured } from '../transport.ts'
import { explainFrames, type BodyPart } from '../http2/explain-frames.ts'
import type { FrameTrack } from '../http2/frame-log.ts'
import { prefixBytes } from './message-assembly.ts'

type Messages = Captured['messages']

interface Explained {
  readonly nodes: readonly ByteNode[]
  readonly messages: Messages
}

export class GrpcCaptured implements Captured {
  readonly #track: FrameTrack
  readonly #decompressed: readonly Buffer[]
  #explained: Explained | undefined

  /** `decompressed`: messages that came compressed, in their order. */
  constructor(track: FrameTrack, decompressed: readonly Buffer[]) {
    this.#track = track
    this.#decompressed = decompressed
  }

  get bytes(): Buffer {
    return this.#track.bytes
  }

  /** Of all frames, also of those that were not kept. */
  get length(): number {
    return this.#track.total
  }

  get nodes(): readonly ByteNode[] {
    return this.#made.nodes
  }

  get messages(): Messages {
    return this.#made.messages
  }

  get #made(): Explained {
    return (this.#explained ??= explain(this.#track, this.#decompressed))
  }
}

function explain(track: FrameTrack, decompressed: readonly Buffer[]): Explained {
  const { bytes } = track
  const body: BodyPart[] = []
  const frames = explainFrames(bytes, track.fields, body)
  const spans = messageSpans(bytes, body)
  const nodes = frames.map((frame) => withPrefixes(frame, spans))
  let compressed = 0
  const messages = spans.flatMap((span): Messages => {
    if (span.compressed) {
      const message = decompressed[compressed++]
      return message === undefined ? [] : [{ start: span.start, end: span.end, message }]
    }
    return span.pieces.length === 1 ? [{ start: span.start, end: span.end }] : [{ start: span.start, end: span.end, message: Buffer.concat(span.pieces.map(({ start, end }) => bytes.subarray(start, end))) }]
  })
  return { nodes, messages }
}

interface Span {
  readonly compressed: boolean
  readonly length: number
  readonly prefixStart: number
  readonly start: number
  readonly end: number
  readonly pieces: readonly BodyPart[]
}

/** Whole messages of the kept body, and where their pieces lie. */
function messageSpans(bytes: Buffer, body: readonly BodyPart[]): readonly Span[] {
  const spans: Span[] = []
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
function withPrefixes(frame: ByteNode, spans: readonly Span[]): ByteNode {
  if (frame.name !== 'DATA') return frame
  const prefixes = spans.filter(({ prefixStart }) => prefixStart >= frame.start && prefixStart < frame.end).map((span) => prefixNode(span, frame.end))
  return { ...frame, children: [...(frame.children ?? []), ...prefixes].sort((a, b) => a.start - b.start) }
}

function prefixNode({ compressed, length, prefixStart }: Span, frameEnd: number): ByteNode {
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
