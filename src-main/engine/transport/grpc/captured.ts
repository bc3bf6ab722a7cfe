// The frames of one gRPC stream explained: every HTTP/2 frame, its header fields, and gRPC's prefixes. Made when somebody looks, since every call
// keeps its bytes and few are looked at.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Captured } from '../transport.ts'
import { explainFrames, type BodyPart } from '../http2/explain-frames.ts'
import type { FrameTrack } from '../http2/frame-log.ts'
import { messageSpans, withPrefixes } from './message-spans.ts'

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
