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
  const whole = placeNodes(nodes, inPlace.flatMap(({ start, end }) => codec.explain(bytes.subarray(start, end), start, way)))
  return [viewOf(direction, attempt, bytes, whole), ...apart]
}

/** Puts a node beneath the part that holds its bytes (the frame that carried the message), in the order of the bytes. */
export const placeNode = (nodes: readonly ByteNode[], inner: ByteNode): readonly ByteNode[] => placeNodes(nodes, [inner])

/** The same for many that stand in the order of their bytes and do not overlap, in one walk: a server may send thousands of empty messages in one frame. */
export function placeNodes(nodes: readonly ByteNode[], inner: readonly ByteNode[]): readonly ByteNode[] {
  if (inner.length === 0) return nodes
  const held = new Map<ByteNode, ByteNode[]>()
  const loose: ByteNode[] = []
  let at = 0
  for (const one of inner) {
    while ((nodes[at]?.end ?? Infinity) < one.end) at++
    const holder = holderFrom(nodes, at, one)
    const list = holder === undefined ? loose : held.get(holder)
    if (list !== undefined) list.push(one)
    else if (holder !== undefined) held.set(holder, [one])
  }
  return merged(nodes.map((node) => (held.has(node) ? { ...node, children: placeNodes(node.children ?? [], held.get(node) ?? []) } : node)), loose)
}

/** The first part from a place on that holds these bytes and may have parts of its own. */
function holderFrom(nodes: readonly ByteNode[], from: number, { start, end }: ByteNode): ByteNode | undefined {
  for (let at = from; ; at++) {
    const node = nodes[at]
    if (node === undefined || node.start > start) return undefined
    if (node.children !== undefined && node.end >= end) return node
  }
}

/** Both in the order of their bytes; of two that begin alike the shorter first. */
function merged(nodes: readonly ByteNode[], loose: readonly ByteNode[]): readonly ByteNode[] {
  const all: ByteNode[] = []
  let at = 0
  for (const one of loose) {
    for (let node = nodes[at]; node !== undefined && (node.start < one.start || (node.start === one.start && node.end <= one.end)); node = nodes[++at]) all.push(node)
    all.push(one)
  }
  return all.concat(nodes.slice(at))
}

/** One tree over a whole frame. */
function explain(bytes: Buffer, codec: MethodCodec): readonly ByteNode[] {
  const { nodes, messageOffset } = explainFrame(bytes)
  return messageOffset === undefined ? nodes : [...nodes, ...codec.explain(bytes.subarray(messageOffset), messageOffset)]
}
