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
      return Buffer.concat([lengthPrefix(bytes), bytes])
    case 'ttheader':
      return Buffer.concat([encodeTtHeader(message.header, message.seqId, flags, bytes.length), bytes])
    case 'ttheader-framed':
      return Buffer.concat([encodeTtHeader(message.header, message.seqId, flags, bytes.length + 4), lengthPrefix(bytes), bytes])
  }
}

function lengthPrefix(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32BE(bytes.length, 0)
  return prefix
}
