// The HTTP/2 client with gRPC on it as one decoder: damaged replies into a connection without a network, read as a call reads them, then explained.

import { KiteError } from '../../../shared/base/error.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import { GrpcCaptured } from '../../../src-main/engine/transport/grpc/captured.ts'
import { MessageAssembly, type RawMessage } from '../../../src-main/engine/transport/grpc/message-assembly.ts'
import { endOf, refusalOf } from '../../../src-main/engine/transport/grpc/reply-rules.ts'
import { Http2Connection } from '../../../src-main/engine/transport/http2/connection.ts'
import { FrameLog } from '../../../src-main/engine/transport/http2/frame-log.ts'
import { http2Replies, noSocket } from '../../support/fuzz/http2-replies.ts'

const lasting: readonly Pair[] = [[':method', 'POST'], [':path', '/a.b.Echo/Say']]
const request = Buffer.from([0, 0, 0, 0, 1, 120])

/** Samples, and a decoder that throws only KiteError. */
export async function grpcReplies(): Promise<{ readonly samples: readonly Buffer[]; decode(bytes: Buffer): void | Promise<void> }> {
  return { samples: http2Replies(), decode }
}

let turn = 0

function decode(bytes: Buffer): void | Promise<void> {
  decodeOne(bytes)
  // What a connection writes leaves at the end of the turn, and holds the connection until then.
  return ++turn % 256 === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined
}

function decodeOne(bytes: Buffer): void {
  const { socket } = noSocket()
  const connection = new Http2Connection(socket, '127.0.0.1:1', false)
  const log = new FrameLog()
  const assembly = new MessageAssembly(1 << 20)
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
}
