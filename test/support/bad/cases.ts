// Replies that are wrong in one way each, and what a call makes of them: outcome, code, layer and the words by their key.

import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { CallRequestInput } from '../../../shared/model/call.ts'
import { encodeFrame } from '../../../src-main/engine/transport/ttstream/frame.ts'
import { badProtocols, block, envelope, frame, grpcHead, grpcMessage, grpcSays, grpcTrailer, h2, http2, httpSays, note, page, say, settings, thriftOverHttp, ttParts, ttStream, u32, wsSays, type Ask } from './protocols.ts'
import type { RawOptions, Reply } from './raw-server.ts'

export interface BadCase {
  readonly ask: Ask
  readonly reply: Reply
  /** Outcome, code, layer, key. */
  readonly ends: string
  readonly more?: Partial<CallRequestInput>
  readonly options?: RawOptions
}

const limit = { maxMessageBytes: 100_000 }
/** What it stands for is a hundred times the limit. */
const bomb = gzipSync(Buffer.alloc(10_000_000))
const askOf = (name: string): Ask => badProtocols[name]?.ask ?? say
const grpcAsk: Ask = { ...say, transport: 'grpc' }
const data = (message: Buffer, flags = 0): Buffer => h2(http2.data, flags, 1, message)
const head = (...more: readonly (readonly [string, string])[]): Buffer => h2(http2.headers, 4, 1, block([':status', '200'], ['content-type', 'application/grpc'], ...more))
const whole = grpcMessage(note)
const rst = (code: number): Buffer => h2(http2.rst, 0, 1, u32(code))
const goaway = (lastStream: number, code: number): Buffer => h2(http2.goaway, 0, 0, Buffer.concat([u32(lastStream), u32(code), Buffer.from('why')]))
const grpc = (ends: string, frames: readonly Buffer[], more: Partial<Omit<BadCase, 'ends' | 'reply'>> = {}): BadCase => ({ ask: grpcAsk, reply: grpcSays(settings, ...frames), ends, ...more })
const ended = { options: { then: 'end' } } as const

export const grpcCases: Readonly<Record<string, BadCase>> = {
  'a page instead of gRPC': grpc('failed protocol remote http2.grpcNotGrpc', [h2(http2.headers, 4, 1, block([':status', '200'], ['content-type', 'text/html'])), data(Buffer.from('<html>'), 1)]),
  'HTTP 503 with a page': grpc('failed remote_or_network remote grpc.httpStatus', [h2(http2.headers, 4, 1, block([':status', '503'], ['content-type', 'text/html'])), data(Buffer.from('<html>'), 1)]),
  'no trailer': grpc('failed protocol remote grpc.statusMissing', [grpcHead, data(whole, 1)]),
  'a trailer without a status': grpc('failed protocol remote grpc.statusMissing', [grpcHead, data(whole), h2(http2.headers, 5, 1, block(['x', 'y']))]),
  'a message of 4 GB': grpc('failed protocol frame http2.grpcMessageTooLarge', [grpcHead, data(Buffer.from('00ffffffff', 'hex'))]),
  'a message over the limit': grpc('failed protocol frame http2.grpcMessageTooLarge', [grpcHead, data(Buffer.concat([Buffer.of(0), u32(100_001)]))], { more: limit }),
  'a bomb of gzip': grpc('failed protocol frame grpc.compressedTooLarge', [head(['grpc-encoding', 'gzip']), data(grpcMessage(bomb, 1)), grpcTrailer], { more: limit }),
  'gzip that is none': grpc('failed protocol frame grpc.compressedMalformed', [head(['grpc-encoding', 'gzip']), data(grpcMessage(Buffer.from('not gzip'), 1)), grpcTrailer]),
  'a compressed message without a name': grpc('failed protocol frame http2.grpcCompressedUnnamed', [grpcHead, data(grpcMessage(bomb.subarray(0, 30), 1)), grpcTrailer]),
  'an unknown compression': grpc('failed protocol frame grpc.compressUnknown', [head(['grpc-encoding', 'lz4']), data(grpcMessage(note, 1)), grpcTrailer]),
  'a trailer in the middle of a message': grpc('failed protocol remote http2.grpcCutShort', [grpcHead, data(whole.subarray(0, 7)), grpcTrailer]),
  'two messages to one call': grpc('failed protocol remote http2.grpcTwoMessages', [grpcHead, data(whole), data(whole), grpcTrailer]),
  'no message': grpc('failed protocol remote http2.grpcNoMessage', [grpcHead, grpcTrailer]),
  'a message that is no Protobuf': grpc('failed protocol codec protobuf.bytes.wireType', [grpcHead, data(grpcMessage(Buffer.from('0e01', 'hex'))), grpcTrailer]),
  'a frame of 16 MB': grpc('failed remote_or_network frame http2.frameTooLarge', [Buffer.from('ffffff000000000001', 'hex')]),
  'headers that HPACK refuses': grpc('failed remote_or_network frame http2.headerBlock', [h2(http2.headers, 4, 1, Buffer.from('ffffffffff7f', 'hex'))]),
  'no SETTINGS': { ask: grpcAsk, reply: grpcSays(grpcHead), ends: 'failed remote_or_network frame http2.notHttp2' },
  'RST_STREAM before the headers': grpc('failed remote_or_network remote http2.reset', [rst(2)]),
  'RST_STREAM after the headers': grpc('failed remote_or_network remote http2.reset', [grpcHead, rst(8)]),
  'RST_STREAM in a message': grpc('failed remote_or_network remote http2.reset', [grpcHead, data(whole.subarray(0, 7)), rst(11)]),
  'RST_STREAM after the message': grpc('failed remote_or_network remote http2.reset', [grpcHead, data(whole), rst(0)]),
  // Beside a GOAWAY, so that the second try goes over another connection, which says the same.
  'RST_STREAM that refuses': grpc('failed get_connection connection http2.refused', [rst(7), goaway(1, 0)], ended),
  'GOAWAY before it began the call': grpc('failed get_connection connection http2.goawayNotBegun', [goaway(0, 0)], ended),
  'GOAWAY before the headers': grpc('failed remote_or_network connection http2.goaway', [goaway(1, 2)], ended),
  'GOAWAY after the headers': grpc('failed remote_or_network connection http2.goaway', [grpcHead, goaway(1, 0)], ended),
  'GOAWAY in a message': grpc('failed remote_or_network connection http2.goaway', [grpcHead, data(whole.subarray(0, 7)), goaway(1, 11)], ended),
  'GOAWAY after the message': grpc('failed remote_or_network connection http2.goaway', [grpcHead, data(whole), goaway(1, 0)], ended),
  'GOAWAY and then silence': grpc('timeout rpc_timeout policy chain.rpcTimeout', [grpcHead, goaway(1, 0)], { more: { timeoutMs: 300 } }),
}

const http = (ends: string, parts: readonly (string | Buffer)[], more: Partial<Omit<BadCase, 'ends' | 'reply'>> = {}): BadCase => ({ ask: askOf('http'), reply: httpSays(...parts), ends, ...more })
const jsonType = 'application/json'
const coded = (coding: string): string => `Content-Encoding: ${coding}\r\n`
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
const thriftAsk = { ask: thriftOverHttp }
/** The reply to this very call, with a string that claims 2 GB. */
const beyond = (request: Buffer): Buffer => {
  const name = request.lastIndexOf('GetUser') + 'GetUser'.length
  return Buffer.concat([Buffer.from('8001000200000007', 'hex'), Buffer.from('GetUser'), request.subarray(name, name + 4), Buffer.from('0c00000b00027fffffff', 'hex')])
}
const web = { ask: askOf('grpc-web') }
const webType = 'application/grpc-web+proto'
const connect = { ask: askOf('connect') }
const connectType = 'application/connect+proto'
const connectUnary = { ask: { ...say, transport: 'connect' } } as const
const webEnd = envelope(0x80, 'grpc-status: 0\r\n')

export const httpCases: Readonly<Record<string, BadCase>> = {
  'a length over the limit': http('failed remote_or_network frame http.bodyTooLarge', ['HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx'], { more: limit }),
  'a chunk over the limit': http('failed remote_or_network frame http.bodyTooLarge', [chunked, 'FFFFFFFFFFF\r\n', Buffer.alloc(200_000)], { more: limit }),
  'a body without an end over the limit': http('failed remote_or_network frame http.bodyTooLarge', ['HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(200_000)], { more: limit }),
  'a bomb of gzip': http('failed remote_or_network frame http.inflatesTooFar', page('200 OK', jsonType, bomb, coded('gzip')), { more: limit }),
  'a bomb of br': http('failed remote_or_network frame http.inflatesTooFar', page('200 OK', jsonType, brotliCompressSync(Buffer.alloc(10_000_000)), coded('br')), { more: limit }),
  'gzip that is none': http('failed remote_or_network frame http.badCompression', page('200 OK', jsonType, 'not gzip', coded('gzip'))),
  'two lengths': http('failed remote_or_network frame http.badContentLength', ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx']),
  'a chunk size that is none': http('failed remote_or_network frame http.badChunkSize', [chunked, 'zz\r\n']),
  'a header without a colon': http('failed remote_or_network frame http.badHeaderLine', ['HTTP/1.1 200 OK\r\nnonsense\r\n\r\n']),
  'a header that never ends': http('failed remote_or_network frame http.lineTooLong', ['HTTP/1.1 200 OK\r\nX: ', Buffer.alloc(200_000, 0x61)]),
  'a page instead of Thrift': http('failed remote_or_network remote http.notThrift', page('200 OK', 'text/html', '<html>'), thriftAsk),
  'a string of 2 GB in Thrift': { ...thriftAsk, ends: 'failed protocol codec codec.bytes.longLength', reply: (request, turn) => httpSays(...page('200 OK', 'application/x-thrift', beyond(request)))(request, turn) },
  'a page instead of gRPC-Web': http('failed protocol remote grpc.webOther', page('200 OK', 'text/html', '<html>'), web),
  'gRPC-Web without a trailer': http('failed protocol remote grpc.statusMissing', page('200 OK', webType, envelope(0, note)), web),
  'gRPC-Web, a message over the limit': http('failed protocol frame grpc.messageTooLarge', page('200 OK', webType, Buffer.concat([Buffer.of(0), u32(100_001)])), { ...web, more: limit }),
  'gRPC-Web, a bomb of gzip': http('failed protocol frame grpc.compressedTooLarge', page('200 OK', webType, Buffer.concat([envelope(1, bomb), webEnd]), 'Grpc-Encoding: gzip\r\n'), { ...web, more: limit }),
  'gRPC-Web, flags of nobody': http('failed protocol frame grpc.envelopeFlags', page('200 OK', webType, envelope(0x40, note)), web),
  'gRPC-Web, bytes after the trailer without end': http('failed protocol frame grpc.bytesAfterEnd', ['HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\n\r\n', webEnd, Buffer.alloc(2_000_000)], web),
  'a page instead of Connect': http('failed protocol remote connect.other', page('200 OK', 'text/html', '<html>'), connect),
  'Connect without its last message': http('failed protocol remote connect.noEnd', page('200 OK', connectType, envelope(0, note)), connect),
  'Connect, a last message that is no JSON': http('failed protocol remote connect.endMalformed', page('200 OK', connectType, envelope(2, '{')), connect),
  'Connect, a message over the limit': http('failed protocol frame grpc.messageTooLarge', page('200 OK', connectType, Buffer.concat([Buffer.of(0), u32(100_001)])), { ...connect, more: limit }),
  'Connect, a bomb of gzip': http('failed protocol frame grpc.compressedTooLarge', page('200 OK', connectType, Buffer.concat([envelope(1, bomb), envelope(2, '{}')]), 'Connect-Content-Encoding: gzip\r\n'), { ...connect, more: limit }),
  'Connect, one reply that is a bomb': http('failed protocol frame grpc.compressedTooLarge', page('200 OK', 'application/proto', bomb, coded('gzip')), { ...connectUnary, more: limit }),
  'Connect, one reply that is a page': http('failed protocol remote connect.other', page('200 OK', 'text/html', '<html>'), connectUnary),
}

const ws = (ends: string, said: Buffer): BadCase => ({ ask: askOf('jsonrpc-ws'), reply: wsSays(said), ends, more: limit })
const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const says = (name: string, ends: string, said: Buffer, more: Partial<BadCase> = {}): BadCase => ({ ask: askOf(name), reply: () => said, ends, ...more })
const stream = (ends: string, parts: (id: number) => readonly Buffer[], more: Partial<BadCase> = {}): BadCase => ({ ask: askOf('ttheader-streaming'), reply: ttStream(parts), ends, ...more })

export const socketCases: Readonly<Record<string, BadCase>> = {
  'WebSocket: a wrong key': { ask: askOf('jsonrpc-ws'), reply: httpSays('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n'), ends: 'failed remote_or_network frame ws.badAccept' },
  'WebSocket: refused': { ask: askOf('jsonrpc-ws'), reply: httpSays(...page('404 Not Found', 'text/plain', 'no')), ends: 'failed remote_or_network remote ws.refusedWith' },
  'WebSocket: a masked frame': ws('failed remote_or_network frame ws.maskedByServer', bytes('8182 00000000 7b7d')),
  'WebSocket: a frame over the limit': ws('failed remote_or_network frame ws.tooLarge', bytes('817f 7fffffffffffffff')),
  'WebSocket: no frame': ws('failed remote_or_network frame ws.badFrame', Buffer.alloc(20, 0xa7)),
  'WebSocket: no JSON': ws('failed remote_or_network codec ws.notJson', frame('hello')),
  'WebSocket: no UTF-8': ws('failed remote_or_network frame ws.notUtf8', bytes('8102 fffe')),
  'WebSocket: closed with a reason': ws('failed remote_or_network connection ws.closedWith', bytes('8805 03f3 6e6f6f')),
  'framed: 2 GB': says('framed', 'failed remote_or_network frame transport.frameTooLarge', bytes('7fffffff 80010002')),
  'framed: a string beyond its message': says('framed', 'failed protocol codec codec.bytes.longLength', bytes('0000001c 80010002 00000007 47657455736572 00000001 0b0000 7fffffff 00 00')),
  'framed, Compact: a string beyond its message': says('framed, Compact', 'failed protocol codec codec.bytes.longLength', bytes('00000013 8241 01 07 47657455736572 0800 ffffffff07 00')),
  'buffered: a string of 2 GB': says('buffered', 'failed protocol codec codec.bytes.longMessage', bytes('80010002 00000007 47657455736572 00000001 0b0000 7fffffff'), { more: limit }),
  'TTHeader: 2 GB': says('ttheader', 'failed remote_or_network frame transport.frameTooLarge', bytes('7fffffff 1000 0000 00000001 0001 0000')),
  'TTHeader: a header beyond its frame': says('ttheader', 'failed remote_or_network frame transport.headerBeyondFrame', bytes('00000010 1000 0000 00000001 00ff 0000 0000')),
  'TTHeader: an unknown section': says('ttheader', 'failed remote_or_network frame transport.unknownInfoId', bytes('0000001a 1000 0000 00000001 0001 00 00 7f 00 80010002 00000001 00000000')),
  'TTHeader Streaming: a message over the limit': stream('failed remote_or_network frame ttstream.messageTooLarge', (id) => [ttParts(id)[0] ?? bytes(''), encodeFrame('data', id, 'List', [], Buffer.alloc(200_000)), ttParts(id)[2] ?? bytes('')], { more: limit }),
  'TTHeader Streaming: no trailer': stream('failed remote_or_network connection ttstream.connectionClosed', (id) => ttParts(id).slice(0, 2), ended),
  'TTHeader Streaming: reset': stream('failed remote_or_network remote ttstream.reset', (id) => [...ttParts(id).slice(0, 2), encodeFrame('rst', id, 'List', [], undefined)]),
  'TTHeader Streaming: a trailer that cannot be read': stream('failed remote_or_network frame ttstream.unreadableException', (id) => [encodeFrame('trailer', id, 'List', [], Buffer.from('nonsense'))]),
  'TTHeader Streaming: a frame of another protocol': stream('failed remote_or_network frame transport.invalidPayload', (id) => [...ttParts(id).slice(0, 1), Buffer.alloc(40, 0xa7)]),
}
