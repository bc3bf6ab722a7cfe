// What damages to HTTP/2 are made of: whole gRPC replies as a server sends them, and a socket without a network that they are read from.

import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { HpackEncoder } from '../../../src-main/engine/transport/http2/hpack-encoder.ts'

/** What a connection asks of a socket; what is written is counted and gone. */
class NoSocket extends EventEmitter {
  readonly writableLength = 0
  destroyed = false
  written = 0

  write(bytes: Buffer): boolean {
    this.written += bytes.length
    return true
  }

  end(): void {}
  destroySoon(): void {
    this.destroyed = true
  }

  setTimeout(): void {}
  ref(): void {}
  unref(): void {}
}

/** A socket for a connection, and how many bytes were written to it. A member that it lacks throws, and so fails whoever asks for it. */
export function noSocket(): { readonly socket: Socket; written(): number } {
  const made = new NoSocket()
  return { socket: made as unknown as Socket, written: () => made.written }
}

type Fields = readonly (readonly [name: string, value: string])[]

function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION] = [0, 1, 3, 4, 6, 7, 8, 9] as const
const headers: Fields = [[':status', '200'], ['content-type', 'application/grpc']]
const trailers: Fields = [['grpc-status', '0']]

/** Whole replies to stream 1, each of a connection of its own: in one frame and in several, padded, compressed, trailers only, reset. */
export function http2Replies(): readonly Buffer[] {
  const encoder = new HpackEncoder()
  const block = (fields: Fields): Buffer => Buffer.from(encoder.encode([], fields))
  const message = (text: string, flag = 0): Buffer => {
    const bytes = Buffer.from(text, 'hex')
    return Buffer.concat([Buffer.from([flag, 0, 0, 0, bytes.length]), bytes])
  }
  const plain = message(Buffer.from('a reply of some length').toString('hex'))
  const gzipped = message('1f8b08000000000000034b04000043beb7e801000000', 1)
  const greeting = frame(SETTINGS, 0, 0, Buffer.from('000300000064' + '0004000f4240' + '000100001000', 'hex'))
  const reset = (code: number): Buffer => Buffer.from([0, 0, 0, code])
  return [
    [frame(HEADERS, 4, 1, block(headers)), frame(DATA, 0, 1, plain), frame(HEADERS, 5, 1, block(trailers))],
    [
      frame(HEADERS, 0, 1, block(headers).subarray(0, 3)), frame(CONTINUATION, 4, 1, block(headers).subarray(3)),
      frame(DATA, 8, 1, Buffer.concat([Buffer.of(2), plain, Buffer.alloc(2)])), frame(HEADERS, 5, 1, block(trailers)),
    ],
    [
      frame(PING, 0, 0, Buffer.alloc(8)), frame(WINDOW_UPDATE, 0, 0, Buffer.from([0, 0, 3, 232])), frame(WINDOW_UPDATE, 0, 1, Buffer.from([0, 0, 3, 232])),
      frame(HEADERS, 5, 1, block([...headers, ['grpc-status', '5'], ['grpc-message', 'not%20here']])),
    ],
    [
      frame(HEADERS, 4, 1, block([...headers, ['grpc-encoding', 'gzip']])), frame(DATA, 0, 1, gzipped), frame(RST_STREAM, 0, 1, reset(8)),
      frame(GOAWAY, 0, 0, Buffer.from([0, 0, 0, 1, 0, 0, 0, 2, 0x77, 0x68, 0x79])),
    ],
  ].map((frames) => Buffer.concat([greeting, ...frames]))
}
