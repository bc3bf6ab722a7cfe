// The first bytes of both directions of a stream, frame by frame as they went, and what each means: what the byte view shows. Explained
// only when somebody asks.

import { movedNode } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { explainTtHeader } from '../explain.ts'
import type { Captured } from '../transport.ts'
import { explainException } from './exception.ts'
import { readFrame, type FrameType } from './frame.ts'

/** As much as a byte view shows. */
const keptBytes = 64 * 1024

const titles: Readonly<Record<FrameType, string>> = { meta: 'Meta frame', header: 'Header frame', data: 'Data frame', trailer: 'Trailer frame', rst: 'Rst frame' }

/** Keeps whole frames of one direction until there are enough. */
export class FrameCapture {
  readonly #limit: number
  readonly #frames: Buffer[] = []
  #bytes = 0

  constructor(limit = keptBytes) {
    this.#limit = limit
  }

  add(frame: Buffer): void {
    if (this.#bytes >= this.#limit) return
    this.#frames.push(frame)
    this.#bytes += frame.length
  }

  captured(): Captured {
    const nodes: ByteNode[] = []
    const messages: { readonly start: number; readonly end: number }[] = []
    let at = 0
    for (const raw of this.#frames) {
      const { type, payloadOffset } = readFrame(raw)
      if (type === 'data') messages.push({ start: at + payloadOffset, end: at + raw.length })
      nodes.push(explained(raw, type, payloadOffset, at))
      at += raw.length
    }
    return { bytes: Buffer.concat(this.#frames), nodes, messages }
  }
}

function explained(raw: Buffer, type: FrameType, payloadOffset: number, at: number): ByteNode {
  const head = explainTtHeader(raw).map((node) => movedNode(node, at))
  const payload = raw.subarray(payloadOffset)
  const rest = payload.length === 0 || type === 'data' ? [] : explainException(payload, at + payloadOffset)
  return { start: at, end: at + raw.length, name: titles[type], kind: 'frame', children: [...head, ...rest] }
}
