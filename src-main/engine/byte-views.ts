// The frames of a call with every byte explained: the transport explains its part, the codec goes on where the message begins.

import type { ByteNode, ByteView } from '../../shared/model/layout.ts'
import type { MethodCodec } from './codec/codec.ts'
import type { WireFrames } from './kernel/reply.ts'
import { explainFrame } from './transport/explain.ts'
import type { Captured } from './transport/transport.ts'

/** What a record keeps of one frame. */
const maxKeptBytes = 64 * 1024

/** Sent and received, attempt by attempt. */
export function byteViews(frames: readonly WireFrames[], codec: MethodCodec): readonly ByteView[] {
  return frames.flatMap(({ attempt, sent, received, sentCaptured, receivedCaptured }) => [
    ...(sentCaptured !== undefined ? capturedViews('sent', attempt, sentCaptured, codec) : sent.length === 0 ? [] : [viewOf('sent', attempt, sent, explain(sent, codec))]),
    ...(receivedCaptured !== undefined ? capturedViews('received', attempt, receivedCaptured, codec) : received === undefined ? [] : [viewOf('received', attempt, received, explain(received, codec))]),
  ])
}

const viewOf = (direction: ByteView['direction'], attempt: number, bytes: Buffer, nodes: readonly ByteNode[]): ByteView => (
  { direction, attempt, base64: bytes.toString('base64', 0, maxKeptBytes), length: bytes.length, nodes })

/** The transport's own explanation with the codec's in its places; a message that does not stand there as it is gets a view of its own. */
function capturedViews(direction: ByteView['direction'], attempt: number, { bytes, nodes, messages }: Captured, codec: MethodCodec): readonly ByteView[] {
  const way = direction === 'sent' ? 'request' : 'reply'
  const inPlace = messages.filter(({ message }) => message === undefined)
  const apart = messages.flatMap(({ message }) => (message === undefined ? [] : [viewOf(direction, attempt, message, codec.explain(message, 0, way))]))
  const whole = inPlace.reduce((placed, { start, end }) => codec.explain(bytes.subarray(start, end), start, way).reduce(placeNode, placed), nodes)
  return [viewOf(direction, attempt, bytes, whole), ...apart]
}

/** Puts a node beneath the part that holds its bytes (the frame that carried the message), in the order of the bytes. */
export function placeNode(nodes: readonly ByteNode[], inner: ByteNode): readonly ByteNode[] {
  const at = nodes.findIndex(({ start, end, children }) => children !== undefined && start <= inner.start && end >= inner.end)
  const holder = nodes[at]
  if (holder !== undefined) return nodes.with(at, { ...holder, children: placeNode(holder.children ?? [], inner) })
  const next = nodes.findIndex(({ start, end }) => start > inner.start || (start === inner.start && end > inner.end))
  return next < 0 ? [...nodes, inner] : nodes.toSpliced(next, 0, inner)
}

/** One tree over a whole frame. */
function explain(bytes: Buffer, codec: MethodCodec): readonly ByteNode[] {
  const { nodes, messageOffset } = explainFrame(bytes)
  return messageOffset === undefined ? nodes : [...nodes, ...codec.explain(bytes.subarray(messageOffset), messageOffset)]
}
