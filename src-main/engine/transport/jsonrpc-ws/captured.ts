// Frames of a WebSocket as captured bytes. What we send is masked, so that its text stands beside the bytes and not in them.

import type { Captured } from '../transport.ts'
import type { Incoming } from './dialect.ts'
import { explainFrame } from './frames.ts'
import type { TextMessage } from './web-socket.ts'

/** A text frame of ours. */
export const sentOf = (frame: Buffer, text: string): Captured => (
  { bytes: frame, nodes: [explainFrame(frame, 0)], messages: [{ start: 0, end: frame.length, message: Buffer.from(text) }] })

/** What came: in place where the text is the message itself, beside it where it was packed (SockJS) or cut over several frames. */
export function receivedOf({ raw, nodes, text, textAt }: TextMessage, incoming: Incoming & { readonly shown: string }): Captured {
  const isPlain = textAt !== undefined && (text.startsWith('{') || text.startsWith('['))
  return { bytes: raw, nodes, messages: [isPlain ? { start: textAt, end: raw.length } : { start: 0, end: raw.length, message: Buffer.from(incoming.shown) }] }
}
