// The frames of a call with every byte explained: the transport explains its part, the codec goes on where the message begins.

import type { ByteNode, ByteView } from '../../shared/model/layout.ts'
import type { MethodCodec } from './codec/codec.ts'
import type { WireFrames } from './kernel/reply.ts'
import { explainFrame } from './transport/explain.ts'

/** What a record keeps of one frame. */
const maxKeptBytes = 64 * 1024

/** Sent and received, attempt by attempt. */
export function byteViews(frames: readonly WireFrames[], codec: MethodCodec): readonly ByteView[] {
  return frames.flatMap(({ attempt, sent, received }) => [
    ...(sent.length === 0 ? [] : [viewOf('sent', attempt, sent, codec)]),
    ...(received === undefined ? [] : [viewOf('received', attempt, received, codec)]),
  ])
}

function viewOf(direction: ByteView['direction'], attempt: number, bytes: Buffer, codec: MethodCodec): ByteView {
  return { direction, attempt, base64: bytes.toString('base64', 0, maxKeptBytes), length: bytes.length, nodes: explain(bytes, codec) }
}

/** One tree over a whole frame. */
function explain(bytes: Buffer, codec: MethodCodec): readonly ByteNode[] {
  const { nodes, messageOffset } = explainFrame(bytes)
  return messageOffset === undefined ? nodes : [...nodes, ...codec.explain(bytes.subarray(messageOffset), messageOffset)]
}
