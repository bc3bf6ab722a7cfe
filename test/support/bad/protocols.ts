// Each protocol as one small call and the bytes of a server that answers it well, made by hand or by the codecs. What a test breaks off, damages
// or leaves out begins as a reply that the engine takes.

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { CallRequestInput } from '../../../shared/model/call.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import { createThriftBinary, createThriftCompact } from '../../../src-main/engine/codec/index.ts'
import { createProtobuf } from '../../../src-main/engine/codec/protobuf/protobuf.ts'
import { findMethod } from '../../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../../src-main/engine/idl/load.ts'
import { explainFrame } from '../../../src-main/engine/transport/explain.ts'
import { HpackEncoder } from '../../../src-main/engine/transport/http2/hpack-encoder.ts'
import { encodeTtHeader } from '../../../src-main/engine/transport/ttheader/encode.ts'
import { encodeFrame } from '../../../src-main/engine/transport/ttstream/frame.ts'
import type { Reply } from './raw-server.ts'

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const thriftIdl = file('peers/kitex/idl/streams.thrift')
const shopIdl = file('fixtures/call/shop.thrift')
const protoIdl = file('fixtures/stream/chat.proto')

export type Ask = Pick<CallRequestInput, 'idl' | 'method' | 'body'> & Partial<CallRequestInput>

/** A call and what a good server says to it. */
export interface BadProtocol {
  readonly ask: Ask
  readonly good: Reply
}

const shop = await loadIdl({ paths: [shopIdl] })
const streams = await loadIdl({ paths: [thriftIdl] })
const chat = await loadIdl({ paths: [protoIdl] })

function codecOf(make: typeof createThriftBinary | typeof createProtobuf, idl: typeof shop, name: string, envelope: 'message' | 'bare') {
  const found = findMethod(idl, name)
  if (!found.ok) throw new Error(`believed: the fixtures have ${name}`)
  return make().forMethod(idl, found.value.service, found.value.method, { envelope })
}

const reply = { kind: 'reply', json: '{"id":7,"name":"n"}' } as const

/** Thrift in its frames: the reply bears the sequence id of the request. */
function thrift(transport: 'buffered' | 'framed' | 'ttheader' | 'ttheader-framed', codec: 'thrift-binary' | 'thrift-compact' = 'thrift-binary'): BadProtocol {
  const made = codec === 'thrift-binary' ? createThriftBinary() : createThriftCompact()
  const method = codecOf(codec === 'thrift-binary' ? createThriftBinary : createThriftCompact, shop, 'GetUser', 'message')
  return {
    ask: { idl: { paths: [shopIdl] }, method: 'GetUser', body: '{"id":7}', transport, codec },
    good: (request) => {
      const seqId = made.peekHead(request.subarray(explainFrame(request).messageOffset))?.seqId ?? 0
      const message = method.encodeReply(reply, seqId)
      const framed = transport === 'framed' || transport === 'ttheader-framed' ? Buffer.concat([u32(message.length), message]) : message
      if (transport === 'buffered' || transport === 'framed') return framed
      return Buffer.concat([encodeTtHeader({ strings: [], ints: [] }, seqId, 0, framed.length), framed])
    },
  }
}

const shopReply = (call: Buffer): Buffer => codecOf(createThriftBinary, shop, 'GetUser', 'message').encodeReply(reply, createThriftBinary().peekHead(call)?.seqId ?? 0)

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

const streamReply = codecOf(createThriftBinary, streams, 'Streams/List', 'bare').encodeReply({ kind: 'reply', json: '{"text":"t","number":1}' }, 0)

/** Frames of one stream, by the id that the client gave it. */
export const ttStream = (parts: (id: number) => readonly Buffer[]): Reply => (request) => Buffer.concat([...parts(request.readInt32BE(8))])
export const ttParts = (id: number): readonly Buffer[] => [
  encodeFrame('header', id, 'List', [], undefined), encodeFrame('data', id, 'List', [], streamReply), encodeFrame('trailer', id, 'List', [], undefined),
]

export const http2 = { data: 0, headers: 1, rst: 3, settings: 4, goaway: 7 } as const

export function h2(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([u32(payload.length).subarray(1), Buffer.of(type, flags), u32(stream), payload])
}

/** A header block that leaves no trace in the tables, so that blocks can be left out and put together at will. */
export const block = (...fields: readonly Pair[]): Buffer => Buffer.from(new HpackEncoder().encode([], fields))

export const grpcMessage = (message: Buffer, compressed = 0): Buffer => Buffer.concat([Buffer.of(compressed), u32(message.length), message])
export const note = codecOf(createProtobuf, chat, 'Chat/List', 'bare').encodeReply({ kind: 'reply', json: '{"text":"t","number":"1"}' }, 0)
const tally = codecOf(createProtobuf, chat, 'Chat/Collect', 'bare').encodeReply({ kind: 'reply', json: '{"count":"1","sum":"2"}' }, 0)

/** Says this when a whole request has come on stream 1. */
export const grpcSays = (...frames: readonly Buffer[]): Reply => (received) => {
  for (let at = 24; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
    if (received.readUInt32BE(at + 5) === 1 && ((received[at + 4] ?? 0) & 1) !== 0 && (received[at + 3] ?? 9) <= 1) return Buffer.concat([...frames])
  }
  return undefined
}
export const settings = h2(http2.settings, 0, 0)
export const grpcHead = h2(http2.headers, 4, 1, block([':status', '200'], ['content-type', 'application/grpc']))
export const grpcTrailer = h2(http2.headers, 5, 1, block(['grpc-status', '0']))
const grpcGood = (message: Buffer): Reply => grpcSays(settings, grpcHead, h2(http2.data, 0, 1, grpcMessage(message)), grpcTrailer)

/** Says this when a whole HTTP/1.1 request has come. */
export const httpSays = (...parts: readonly (string | Buffer)[]): Reply => (received) => {
  const head = received.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(received.toString('latin1', 0, Math.max(0, head)))?.[1]
  return head < 0 || received.length < head + 4 + Number(length ?? 0) ? undefined : Buffer.concat(parts.map((part) => Buffer.from(part as string)))
}

/** A reply with a body and its length. */
export const page = (status: string, type: string, body: string | Buffer, more = ''): readonly [string, Buffer] => (
  [`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n`, Buffer.from(body as string)])

export const envelope = (flags: number, content: Buffer | string): Buffer => Buffer.concat([Buffer.of(flags), u32(Buffer.byteLength(content)), Buffer.from(content as string)])

const accepted = (request: Buffer): string => createHash('sha1').update(`${/sec-websocket-key: (\S+)/i.exec(request.toString('latin1'))?.[1] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
export const frame = (text: string): Buffer => Buffer.concat([Buffer.of(0x81, Buffer.byteLength(text)), Buffer.from(text)])

/** Shakes hands, then says this to whatever comes. */
export const wsSays = (said: Buffer): Reply => (received, turn) => {
  if (turn > 0) return received.length < 6 ? undefined : said
  return received.includes('\r\n\r\n') ? Buffer.from(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted(received)}\r\n\r\n`) : undefined
}

const list = { idl: { paths: [protoIdl] }, method: 'Chat/List', body: '{"count":1}' }
const collect = { idl: { paths: [protoIdl] }, method: 'Chat/Collect', body: '{"text":"t"}' }
/** One message each way. */
export const say: Ask = { idl: { paths: [file('peers/kitex/idl/peerpb.proto')] }, method: 'PbPeer/Say', body: '{"text":"t"}' }
const none = { idl: { paths: [] }, method: 'GET /users/7', body: '' }

export const thriftOverHttp: Ask = { idl: { paths: [shopIdl] }, method: 'GetUser', body: '{"id":7}', transport: 'http', codec: 'thrift-binary', http: { path: '/rpc' } }

export const badProtocols: Readonly<Record<string, BadProtocol>> = {
  'buffered': thrift('buffered'),
  'framed': thrift('framed'),
  'framed, Compact': thrift('framed', 'thrift-compact'),
  'ttheader': thrift('ttheader'),
  'ttheader-framed': thrift('ttheader-framed'),
  'ttheader-streaming': { ask: { idl: { paths: [thriftIdl] }, method: 'Streams/List', body: '{"count":1}', transport: 'ttheader-streaming' }, good: ttStream(ttParts) },
  'grpc, one reply': { ask: { ...collect, transport: 'grpc' }, good: grpcGood(tally) },
  'grpc, a stream': { ask: { ...list, transport: 'grpc' }, good: grpcGood(note) },
  'http': { ask: { ...none, transport: 'http' }, good: httpSays(...page('200 OK', 'application/json', '{"id":7}')) },
  'Thrift over http': { ask: thriftOverHttp, good: (request, turn) => httpSays(...page('200 OK', 'application/x-thrift', shopReply(request.subarray(request.indexOf('\r\n\r\n') + 4))))(request, turn) },
  'grpc-web': { ask: { ...list, transport: 'grpc-web' }, good: httpSays(...page('200 OK', 'application/grpc-web+proto', Buffer.concat([envelope(0, note), envelope(0x80, 'grpc-status: 0\r\n')]))) },
  'connect': { ask: { ...list, transport: 'connect' }, good: httpSays(...page('200 OK', 'application/connect+proto', Buffer.concat([envelope(0, note), envelope(2, '{}')]))) },
  'jsonrpc-ws': { ask: { idl: { paths: [] }, method: 'add', body: '[1,2]', transport: 'jsonrpc-ws' }, good: wsSays(frame('{"jsonrpc":"2.0","id":1,"result":3}')) },
  'jsonrpc-ws, kite': { ask: { idl: { paths: [] }, method: 'add', body: '[1,2]', transport: 'jsonrpc-ws', http: { dialect: 'kite' } }, good: wsSays(frame('{"method":0,"arguments":[{"error":null,"result":3}],"callbacks":{},"links":[]}')) },
}
