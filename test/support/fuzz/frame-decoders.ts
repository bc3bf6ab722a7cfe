// Frames over a plain socket as fuzzed decoders: Kitex's four framings, TTHeader Streaming, HTTP/2 from its frames up to whole gRPC calls, and
// what gRPC says of itself in Protobuf.

import { createCodec } from '../../../src-main/engine/codec/codecs.ts'
import { createMessageMeter } from '../../../src-main/engine/codec/index.ts'
import { encodeException } from '../../../src-main/engine/transport/ttstream/exception.ts'
import { explainFrame } from '../../../src-main/engine/transport/explain.ts'
import { FrameReader } from '../../../src-main/engine/transport/frame-reader.ts'
import { MessageAssembly, type RawMessage } from '../../../src-main/engine/transport/grpc/message-assembly.ts'
import { decodeMetadata } from '../../../src-main/engine/transport/grpc/metadata.ts'
import { protoBytes } from '../../../src-main/engine/transport/grpc/proto-fields.ts'
import { faultOf } from '../../../src-main/engine/transport/grpc/status.ts'
import { statusJson } from '../../../src-main/engine/transport/grpc/status-details.ts'
import { explainFrames } from '../../../src-main/engine/transport/http2/explain-frames.ts'
import { Violation } from '../../../src-main/engine/transport/http2/errors.ts'
import { fieldSpans } from '../../../src-main/engine/transport/http2/field-spans.ts'
import { FrameParser } from '../../../src-main/engine/transport/http2/frame-parser.ts'
import { HpackDecoder, HpackError } from '../../../src-main/engine/transport/http2/hpack-decoder.ts'
import { HpackEncoder } from '../../../src-main/engine/transport/http2/hpack-encoder.ts'
import { readMetainfo } from '../../../src-main/engine/transport/metainfo-pairs.ts'
import { decodeTtHeader } from '../../../src-main/engine/transport/ttheader/decode.ts'
import { encodeTtHeader, ttHeaderFixedBytes } from '../../../src-main/engine/transport/ttheader/encode.ts'
import { explainStream } from '../../../src-main/engine/transport/ttstream/explain-stream.ts'
import { resetFault, trailerFault } from '../../../src-main/engine/transport/ttstream/faults.ts'
import { frameHeader, payloadOf, type StreamFrame } from '../../../src-main/engine/transport/ttstream/frame.ts'
import { StreamFrameReader } from '../../../src-main/engine/transport/ttstream/frame-reader.ts'
import { readAnswer } from '../../../src-main/engine/reflection/messages.ts'
import type { FuzzDecoder } from './decoder.ts'
import { hex, kitexFrames, streamCaptures } from './fixtures.ts'

/** Bytes that a reader holds at most; what is declared beyond is refused. */
const limit = 1 << 20

/** Framed, buffered, with TTHeader or MeshHeader; in two reads, and then whatever header and message say. */
async function frames(): Promise<FuzzDecoder> {
  const codec = await createCodec('thrift-binary')
  const mesh = hex('ffaf 000a 0001 0001 6b 0003 763132 80010002 00000003 536179 00000001 00')
  const biz = encodeTtHeader({ strings: [['biz-status', '42'], ['biz-message', 'no'], ['biz-extra', '{"k":"v","n":{"toString":1,"valueOf":2}}']], ints: [] }, 5, 0, 0, 0)
  const message = hex('80010002 00000003 536179 00000001 00')
  const withBiz = Buffer.concat([biz, message])
  withBiz.writeUInt32BE(withBiz.length - 4, 0)
  const samples = [...(['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const).flatMap((framing) => kitexFrames(framing).slice(0, 12)), mesh, withBiz]
  return {
    samples,
    run: (bytes) => {
      const reader = new FrameReader()
      const options = { meter: createMessageMeter(), maxFrameBytes: limit }
      const half = bytes.length >> 1
      let read = 0
      for (const part of [bytes.subarray(0, half), bytes.subarray(half)]) {
        reader.push(part)
        for (let next = reader.next(options); next !== undefined; next = reader.next(options)) {
          read++
          codec.peekHead(next.message)
          readMetainfo(next.transport, next.header)
        }
      }
      if (reader.size > bytes.length) throw new Error('more is held than came')
      return read > 0 ? undefined : 'more is needed'
    },
  }
}

function ttHeader(): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: [...kitexFrames('ttheader'), ...kitexFrames('ttheader-framed')],
    mutation: { keep: 6 },
    run: (bytes) => {
      const { nodes } = explainFrame(bytes)
      if (nodes.some(({ start, end }) => start > end || end > bytes.length)) throw new Error('a node reaches beyond the frame')
      // A reader hands on no shorter frames.
      if (bytes.length < ttHeaderFixedBytes) return 'too short'
      readMetainfo('ttheader', decodeTtHeader(bytes).info)
      return undefined
    },
  })
}

function streamFrames(): Promise<FuzzDecoder> {
  const samples = [...streamCaptures('ttstream').flatMap(({ sent, received }) => [sent, received])]
  return Promise.resolve({
    samples,
    run: (bytes) => {
      const read: StreamFrame[] = []
      const reader = new StreamFrameReader({ limitOf: (id) => (id < 0 ? undefined : limit), oversized: () => undefined, frame: (frame) => read.push(frame) })
      explainStream(bytes)
      const half = bytes.length >> 1
      reader.push(bytes.subarray(0, half))
      reader.push(bytes.subarray(half))
      for (const frame of read) {
        const header = frameHeader(frame)
        if (frame.type === 'trailer') trailerFault(header, payloadOf(frame))
        if (frame.type === 'rst') resetFault(header, payloadOf(frame))
      }
      return read.length > 0 ? undefined : 'more is needed'
    },
  })
}

function streamExceptions(): Promise<FuzzDecoder> {
  const header = { strings: [['biz-status', '1'], ['biz-extra', '{"a":{"toString":null,"valueOf":1}}']], ints: [] } as const
  return Promise.resolve({
    samples: [encodeException('Chat', 3, { typeId: 6, message: 'because 不行' }), encodeException('', 0, { typeId: -1, message: '' }), Buffer.alloc(0)],
    run: (bytes) => trailerFault(header, bytes)?.text.key ?? resetFault(header, bytes).text.key,
  })
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const grpcConnections = (): readonly Buffer[] => (['protobuf-grpc', 'thrift-grpc'] as const).flatMap((name) => streamCaptures(name).flatMap(({ sent, received }) => [sent.subarray(preface.length), received]))

/** HTTP/2's own two errors become a connection's end one level up (connection.ts). */
function expecting(run: () => string | undefined): string | undefined {
  try {
    return run()
  } catch (caught) {
    if (caught instanceof Violation) throw caught.error
    if (caught instanceof HpackError) return 'HPACK refused'
    throw caught
  }
}

function http2Frames(): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: grpcConnections(),
    run: (bytes) => expecting(() => {
      let frames_ = 0
      const parser = new FrameParser({
        frame: (_type, _flags, _stream, from, start, end) => {
          if (start > end || end > from.length) throw new Error('a frame reaches beyond its bytes')
          frames_++
        },
      })
      explainFrames(bytes, [], [])
      const third = Math.ceil(bytes.length / 3)
      for (let at = 0; at < bytes.length; at += third) parser.push(bytes.subarray(at, at + third))
      return frames_ > 0 ? undefined : 'more is needed'
    }),
  })
}

function hpack(): Promise<FuzzDecoder> {
  const encoder = new HpackEncoder()
  const blocks = [
    Buffer.from(encoder.encode([], [[':status', '200'], ['content-type', 'application/grpc'], ['x-long', 'v'.repeat(200)]])),
    Buffer.from(encoder.encode([], [['grpc-status', '0'], ['grpc-message', 'not%20here'], ['x-bin', 'AAEC'], ['x-long', 'v'.repeat(200)]])),
    hex('828684 41 8c f1e3c2e5f23a6ba0ab90f4ff'), hex('3fe11f 88 c0'),
  ]
  return Promise.resolve({
    samples: blocks,
    run: (bytes) => expecting(() => {
      fieldSpans(bytes, 0, bytes.length)
      const decoder = new HpackDecoder(4096, 65_536)
      decoder.decode(blocks[0] ?? bytes)
      const { fields, tooLarge } = decoder.decode(bytes)
      if (fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > 65_536) throw new Error('more came out than the list may have')
      return tooLarge ? 'list too large' : undefined
    }),
  })
}

function grpcMessages(): Promise<FuzzDecoder> {
  const framed = (message: Buffer, flag = 0): Buffer => Buffer.concat([Buffer.of(flag, 0, 0, 0, message.length), message])
  const samples = [framed(Buffer.from('a message')), Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.from('two'), 1), framed(Buffer.alloc(40, 7))])]
  return Promise.resolve({
    samples,
    run: (bytes) => {
      const assembly = new MessageAssembly(4096)
      const into: RawMessage[] = []
      const half = bytes.length >> 1
      assembly.push(bytes, 0, half, into)
      assembly.push(bytes, half, bytes.length, into)
      if (into.reduce((sum, message) => sum + message.bytes.length + 5, 0) + assembly.unfinished !== bytes.length) throw new Error('bytes were lost')
      return into.length > 0 ? undefined : 'more is needed'
    },
  })
}

const any = (type: string, value: Buffer): Buffer => protoBytes(3, Buffer.concat([protoBytes(1, `type.googleapis.com/${type}`), protoBytes(2, value)]))
const statusSample = Buffer.concat([
  hex('0805'), protoBytes(2, 'not here'), any('google.rpc.RetryInfo', protoBytes(1, hex('08011080cab5ee01'))), any('google.rpc.BadRequest', protoBytes(1, Buffer.concat([protoBytes(1, 'name'), protoBytes(2, 'too long')]))),
  any('google.rpc.ErrorInfo', Buffer.concat([protoBytes(1, 'R'), protoBytes(3, Buffer.concat([protoBytes(1, 'k'), protoBytes(2, 'v')]))])), any('google.rpc.QuotaFailure', protoBytes(1, protoBytes(6, protoBytes(1, 'k')))), any('a.B', hex('0102')),
])

function statusDetails(): Promise<FuzzDecoder> {
  return Promise.resolve({ samples: [statusSample], run: (bytes) => (/"\$undecoded"/.test(JSON.stringify(JSON.parse(statusJson(bytes)))) ? 'not decoded' : undefined) })
}

/** Trailers as text: each line a pair. */
function trailers(): Promise<FuzzDecoder> {
  const lines = ['grpc-status: 5\ngrpc-message: not%20here%E4%BD%A0', 'grpc-status: 13\nbiz-status: 42\nbiz-message: no\nbiz-extra: {"a":"b","c":{"toString":1}}', `grpc-status: 3\ngrpc-status-details-bin: ${statusSample.toString('base64')}\nx-bin: AAEC,AwQ`]
  return Promise.resolve({
    samples: lines.map((text) => Buffer.from(text)),
    run: (bytes) => {
      const pairs = bytes.toString('latin1').split('\n').map((line) => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1).trim()] as const)
      return faultOf(decodeMetadata(pairs), { method: 'a.S/M' })?.text.key
    },
  })
}

function reflection(): Promise<FuzzDecoder> {
  const file = (name: string, ...imports: readonly string[]): Buffer => protoBytes(1, Buffer.concat([protoBytes(1, name), ...imports.map((one) => protoBytes(3, one))]))
  const samples = [
    protoBytes(4, Buffer.concat([file('a.proto', 'b.proto', 'google/protobuf/any.proto'), file('c.proto')])), protoBytes(6, Buffer.concat([protoBytes(1, protoBytes(1, 'a.S')), protoBytes(1, protoBytes(1, 'b.T'))])),
    protoBytes(7, Buffer.concat([hex('0805'), protoBytes(2, 'no such thing')])),
  ]
  return Promise.resolve({ samples, run: (bytes) => readAnswer(bytes)?.kind ?? 'none' })
}

export const frameDecoders: Readonly<Record<string, () => Promise<FuzzDecoder>>> = {
  'frames of a Kitex connection': frames,
  'TTHeader': ttHeader,
  'frames of TTHeader Streaming': streamFrames,
  'exceptions of TTHeader Streaming': streamExceptions,
  'HTTP/2 frames': http2Frames,
  'HPACK': hpack,
  'gRPC messages': grpcMessages,
  'gRPC status details': statusDetails,
  'gRPC trailers': trailers,
  'reflection answers': reflection,
}
