// A whole gRPC connection as a fuzzed decoder: damaged bytes of a server, straight into the connection, while a call and a stream wait. Both
// have to end, and nothing may be thrown out of the socket's hands.

import { KiteError } from '../../../shared/base/error.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import { GrpcCaptured } from '../../../src-main/engine/transport/grpc/captured.ts'
import { grpcExchange } from '../../../src-main/engine/transport/grpc/grpc-exchange.ts'
import { openGrpcStream } from '../../../src-main/engine/transport/grpc/grpc-stream.ts'
import { MessageAssembly, type RawMessage } from '../../../src-main/engine/transport/grpc/message-assembly.ts'
import { endOf, refusalOf } from '../../../src-main/engine/transport/grpc/reply-rules.ts'
import { Http2Connection } from '../../../src-main/engine/transport/http2/connection.ts'
import { FrameLog } from '../../../src-main/engine/transport/http2/frame-log.ts'
import { noHeader, noRoute, type CallRoute } from '../../../src-main/engine/transport/transport.ts'
import type { FuzzDecoder } from './decoder.ts'
import { streamCaptures } from './fixtures.ts'
import { http2Replies, noSocket } from './http2-replies.ts'

const route: CallRoute = { service: 'a.b.Echo', method: 'Say', codec: 'protobuf', language: 'proto', compress: 'none', timeoutMs: 0, http: noRoute }
const maxMessageBytes = 1 << 20

/** How a call ended: its fault or error by key. */
async function unary(connection: Http2Connection, signal: AbortSignal): Promise<string> {
  const { reply, sentCaptured } = await grpcExchange(connection, { transport: 'grpc', route, seqId: 1, header: noHeader, message: Buffer.from('x') }, { oneway: false, meter: () => undefined, maxFrameBytes: maxMessageBytes }, signal)
  void [reply?.captured?.messages, sentCaptured?.nodes]
  return reply?.fault?.text.key ?? 'a value'
}

async function streaming(connection: Http2Connection, signal: AbortSignal): Promise<void> {
  const stream = await openGrpcStream(connection, { transport: 'grpc', route, header: noHeader, maxMessageBytes, capture: true }, signal)
  while ((await stream.receive()).length > 0);
  void stream.captured()?.received.nodes
}

const ofOurs = (caught: unknown): void => {
  if (!(caught instanceof KiteError) || caught.data.code === 'internal') throw caught
}

/** What real servers sent, and what they might have. */
const samples = (): readonly Buffer[] => [...streamCaptures('protobuf-grpc').map(({ received }) => received), ...http2Replies()]

function grpcConnection(): Promise<FuzzDecoder> {
  const { signal } = new AbortController()
  return Promise.resolve({
    samples: samples(),
    cost: 5,
    run: async (bytes) => {
      const { socket, written } = noSocket()
      const connection = new Http2Connection(socket, '127.0.0.1:1', false)
      const call = unary(connection, signal)
      const read = streaming(connection, signal).catch(ofOurs)
      call.catch(() => undefined)
      await Promise.resolve()
      const half = bytes.length >> 1
      connection.read(Buffer.from(bytes.subarray(0, half)), half)
      connection.read(Buffer.from(bytes.subarray(half)), bytes.length - half)
      socket.emit('close')
      await read
      if (written() > 20_000) throw new Error(`${written()} bytes were written`)
      return await call
    },
  })
}

const lasting: readonly Pair[] = [[':method', 'POST'], [':path', '/a.b.Echo/Say']]
const request = Buffer.from([0, 0, 0, 0, 1, 120])

/** The same one level lower, without a promise for each call: the connection itself, and the byte view of what it kept. */
function http2Connection(): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: samples(),
    run: (bytes) => {
      const { socket } = noSocket()
      const connection = new Http2Connection(socket, '127.0.0.1:1', false)
      const log = new FrameLog()
      const assembly = new MessageAssembly(maxMessageBytes)
      const messages: RawMessage[] = []
      let failure: KiteError | undefined
      const stream = connection.request({ lasting, log }, {
        headers: (fields, last) => void (last ? endOf(fields, fields, 'Say') : refusalOf(fields, 'Say')),
        data: (part, start, end) => {
          try {
            assembly.push(part, start, end, messages)
          } catch (caught) {
            failure = KiteError.from(caught)
            stream.cancel()
          }
        },
        reset: () => undefined,
        failed: (error) => (failure ??= error),
      })
      stream.write(request, true)
      const half = bytes.length >> 1
      connection.read(bytes.subarray(0, half), half)
      connection.read(bytes.subarray(half), bytes.length - half)
      socket.emit('close')
      for (const track of [log.sent, log.received]) void new GrpcCaptured(track, []).messages
      if (failure !== undefined) throw failure
    },
  })
}

export const grpcDecoders: Readonly<Record<string, () => Promise<FuzzDecoder>>> = { 'HTTP/2 connection': http2Connection, 'gRPC connection': grpcConnection }
