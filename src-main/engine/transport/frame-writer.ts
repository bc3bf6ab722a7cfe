// Puts a whole message into its frame. The message's own bytes are never touched, only surrounded.

import { encodeTtHeader } from './ttheader/encode.ts'
import type { OutgoingMessage } from './transport.ts'

/** The frame of a message, ready to send. `flags` are TTHeader's. Throws KiteError when the header pairs do not fit. */
export function writeFrame(message: OutgoingMessage, flags = 0): Buffer {
  const bytes = message.message
  switch (message.transport) {
    case 'buffered':
      return bytes
    case 'framed':
      return endingWith(bytes, Buffer.allocUnsafe(bytes.length + 4), true)
    case 'ttheader':
      return endingWith(bytes, encodeTtHeader(message.header, message.seqId, flags, bytes.length, bytes.length), false)
    case 'ttheader-framed':
      return endingWith(bytes, encodeTtHeader(message.header, message.seqId, flags, bytes.length + 4, bytes.length + 4), true)
    default:
      throw new Error(`believed: ${message.transport} is no frame around one message`)
  }
}

/** Puts the message at the end of a frame that has room for it, its length before it where framed. */
function endingWith(bytes: Buffer, frame: Buffer, framed: boolean): Buffer {
  const at = frame.length - bytes.length
  if (framed) frame.writeUInt32BE(bytes.length, at - 4)
  frame.set(bytes, at)
  return frame
}
