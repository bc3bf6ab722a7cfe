// Damaged bytes of a server, straight into the connection: every call ends, by a reply or an error of ours, and nothing is thrown out of the
// socket's hands. The same 20,000 every time.

import { expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { grpcExchange } from '../../../../../src-main/engine/transport/grpc/grpc-exchange.ts'
import { openGrpcStream } from '../../../../../src-main/engine/transport/grpc/grpc-stream.ts'
import { Http2Connection } from '../../../../../src-main/engine/transport/http2/connection.ts'
import { noHeader } from '../../../../../src-main/engine/transport/transport.ts'
import { http2Replies, noSocket } from '../../../../support/fuzz/http2-replies.ts'
import { mutations } from '../../../../support/fuzz/mutate.ts'
import { route } from './grpc-call.ts'

it('20,000 damaged replies end every call and stream in a reply or an error of ours', async () => {
  const { signal } = new AbortController()
  const ends = { reply: 0, fault: 0, error: 0 }
  let written = 0
  for (const bytes of mutations(http2Replies(), 20_000, 7541)) {
    const { socket, written: writtenNow } = noSocket()
    const connection = new Http2Connection(socket, '127.0.0.1:1', false)
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
    written = Math.max(written, writtenNow())
  }
  // Damage hits some and misses others; nothing makes us write without bound.
  expect(Math.min(ends.reply, ends.fault, ends.error)).toBeGreaterThan(500)
  expect(written).toBeLessThan(10_000)
})
