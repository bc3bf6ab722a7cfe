// Damaged bytes of a server, straight into the connection: every call ends, by a reply or an error of ours, and nothing is thrown out of the
// socket's hands. The same 20,000 every time.

import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { grpcExchange } from '../../../../../src-main/engine/transport/grpc/grpc-exchange.ts'
import { openGrpcStream } from '../../../../../src-main/engine/transport/grpc/grpc-stream.ts'
import { Http2Connection } from '../../../../../src-main/engine/transport/http2/connection.ts'
import { HpackEncoder } from '../../../../../src-main/engine/transport/http2/hpack-encoder.ts'
import { noHeader } from '../../../../../src-main/engine/transport/transport.ts'
import { mutations } from '../../../../support/fuzz/mutate.ts'
import { route } from './grpc-call.ts'
import { CONTINUATION, DATA, frameBytes, GOAWAY, grpcHeaders, grpcMessage, grpcTrailers, HEADERS, PING, RST_STREAM, SETTINGS, settings, u32, WINDOW_UPDATE } from './scripted-server.ts'

/** What a connection asks of a socket, without a network: what is written is gone. */
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

const encoder = new HpackEncoder()
const block = (fields: readonly (readonly [string, string])[]): Buffer => Buffer.from(encoder.encode([], fields))
const greeting = frameBytes(SETTINGS, 0, 0, settings([[3, 100], [4, 1_000_000], [1, 4096]]))
const message = grpcMessage(Buffer.from('a reply of some length'))
const samples = [
  Buffer.concat([greeting, frameBytes(HEADERS, 4, 1, block(grpcHeaders)), frameBytes(DATA, 0, 1, message), frameBytes(HEADERS, 5, 1, block(grpcTrailers))]),
  Buffer.concat([greeting, frameBytes(HEADERS, 0, 1, block(grpcHeaders).subarray(0, 3)), frameBytes(CONTINUATION, 4, 1, block(grpcHeaders).subarray(3)), frameBytes(DATA, 8, 1, Buffer.concat([Buffer.of(2), message, Buffer.alloc(2)])), frameBytes(HEADERS, 5, 1, block(grpcTrailers))]),
  Buffer.concat([greeting, frameBytes(PING, 0, 0, Buffer.alloc(8)), frameBytes(WINDOW_UPDATE, 0, 0, u32(1000)), frameBytes(WINDOW_UPDATE, 0, 1, u32(1000)), frameBytes(HEADERS, 5, 1, block([...grpcHeaders, ['grpc-status', '5'], ['grpc-message', 'not%20here']]))]),
  Buffer.concat([greeting, frameBytes(HEADERS, 4, 1, block([...grpcHeaders, ['grpc-encoding', 'gzip']])), frameBytes(DATA, 0, 1, grpcMessage(Buffer.from('1f8b08000000000000034b04000043beb7e801000000', 'hex'), 1)), frameBytes(RST_STREAM, 0, 1, u32(8)), frameBytes(GOAWAY, 0, 0, Buffer.concat([u32(1, 2), Buffer.from('why')]))]),
]

it('20,000 damaged replies end every call and stream in a reply or an error of ours', async () => {
  const { signal } = new AbortController()
  const ends = { reply: 0, fault: 0, error: 0 }
  let written = 0
  for (const bytes of mutations(samples, 20_000, 7541)) {
    const socket = new NoSocket()
    // Only what the class has is used; a member that is missing would throw and fail the test.
    const connection = new Http2Connection(socket as unknown as Socket, '127.0.0.1:1', false)
    const call = grpcExchange(connection, { transport: 'grpc', route, seqId: 1, header: noHeader, message: Buffer.from('x') }, { oneway: false, meter: () => undefined, maxFrameBytes: 1_000_000 }, signal)
    const streaming = openGrpcStream(connection, { transport: 'grpc', route, header: noHeader, maxMessageBytes: 1_000_000, capture: true }, signal)
    const read = streaming.then(async (stream) => {
      while ((await stream.receive()).length > 0);
      stream.captured()?.received.nodes.length
    })
    // The first waits for no promise before it has begun.
    await streaming.catch(() => undefined)
    const half = bytes.length >> 1
    connection.read(Buffer.from(bytes.subarray(0, half)), half)
    connection.read(Buffer.from(bytes.subarray(half)), bytes.length - half)
    socket.emit('close')
    await read
    try {
      const { reply, sentCaptured } = await call
      if (reply?.fault === undefined) ends.reply++
      else ends.fault++
      expect((reply?.captured?.nodes.length ?? 0) + (sentCaptured?.nodes.length ?? 0)).toBeGreaterThan(0)
      void reply?.captured?.messages
    } catch (caught) {
      if (!(caught instanceof KiteError) || caught.data.code === 'internal') throw caught
      ends.error++
    }
    written = Math.max(written, socket.written)
  }
  // Damage hits some and misses others; nothing makes us write without bound.
  expect(Math.min(ends.reply, ends.fault, ends.error)).toBeGreaterThan(500)
  expect(written).toBeLessThan(10_000)
})
