// HTTP and what rides on it as fuzzed decoders: replies of HTTP/1, content codings and compressed messages under a budget, the envelopes of
// gRPC-Web and Connect, WebSocket frames and both JSON-RPCs.

import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'
import type { Pair } from '../../../shared/model/metainfo.ts'
import { compressorOf, type CompressionName } from '../../../src-main/engine/transport/compress/compress.ts'
import { faultOfReply } from '../../../src-main/engine/transport/connect/connect-error.ts'
import { connectRules } from '../../../src-main/engine/transport/connect/connect-stream.ts'
import { envelopedCaptured } from '../../../src-main/engine/transport/grpc-web/captured.ts'
import { EnvelopedReply, type EnvelopeRules } from '../../../src-main/engine/transport/grpc-web/enveloped-reply.ts'
import { grpcWebRules } from '../../../src-main/engine/transport/grpc-web/grpc-web.ts'
import { undoContentCoding } from '../../../src-main/engine/transport/http/content-coding.ts'
import { ReplyReader } from '../../../src-main/engine/transport/http/reply-reader.ts'
import type { Dialect } from '../../../src-main/engine/transport/jsonrpc-ws/dialect.ts'
import { explainFrame, FrameReader, opcode } from '../../../src-main/engine/transport/jsonrpc-ws/frames.ts'
import { JsonRpc } from '../../../src-main/engine/transport/jsonrpc-ws/json-rpc.ts'
import { KiteDialect } from '../../../src-main/engine/transport/jsonrpc-ws/kite-dialect.ts'
import { httpReply } from '../transport/http-reply.ts'
import type { FuzzDecoder } from './decoder.ts'
import { hex } from './fixtures.ts'

/** What may come out of compressed bytes. */
const budgetBytes = 16 * 1024

function http1(): Promise<FuzzDecoder> {
  const texts = [
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\nX-Folded: a\n b\nContent-Encoding: gzip\n\nno such thing',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\u0081\u0005hello',
  ]
  return Promise.resolve({
    samples: texts.map((text) => Buffer.from(text, 'latin1')),
    run: (bytes) => {
      let body = 0
      const reader = new ReplyReader({ head: () => undefined, data: (data) => (body += data.length), end: () => undefined }, false)
      const half = bytes.length >> 1
      const taken = reader.push(bytes.subarray(0, half))
      if (taken === half) reader.push(bytes.subarray(half))
      if (body > bytes.length || reader.received > bytes.length) throw new Error('more was read than came')
      reader.close()
    },
  })
}

/** Codings stand in the order in which they were applied; `*` is what a damaged header may say. */
function contentCodings(): Promise<FuzzDecoder> {
  const plain = Buffer.from('{"words":"one two three one two three"}'.repeat(20))
  const codings = ['gzip', 'br', 'deflate', 'gzip, br']
  return Promise.resolve({
    samples: [gzipSync(plain), brotliCompressSync(plain), deflateRawSync(plain), brotliCompressSync(gzipSync(plain))],
    run: async (bytes, sample) => {
      const { bytes: out } = await undoContentCoding([['Content-Encoding', codings[sample] ?? '']], bytes, budgetBytes)
      if (out.length > Math.max(budgetBytes, bytes.length)) throw new Error(`${out.length} bytes came out`)
    },
  })
}

/** Text that compresses well beside bytes that do not: literals, copies and tables of every algorithm. */
const compressible = Buffer.concat([Buffer.from('a message of words, words and words; '.repeat(12)), Buffer.from(Array.from({ length: 150 }, (_, at) => (at * 7919) & 0xff)), Buffer.alloc(3000)])

async function compressed(name: CompressionName): Promise<FuzzDecoder> {
  const { compress, decompress } = await compressorOf(name)
  const bomb = compress(Buffer.alloc(2 * budgetBytes))
  return {
    samples: [compress(compressible), compress(Buffer.from('short')), compress(Buffer.alloc(0)), bomb],
    run: (bytes) => {
      const out = decompress(bytes, budgetBytes)
      if (out.length > budgetBytes) throw new Error(`${out.length} bytes came out`)
    },
  }
}

const envelope = (flags: number, content: Buffer | string): Buffer => Buffer.concat([Buffer.of(flags, 0, 0, 0, Buffer.byteLength(content)), Buffer.from(content)])

function enveloped(rules: EnvelopeRules, headers: readonly Pair[], bodies: readonly Buffer[]): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: bodies,
    run: async (bytes) => {
      const reply = new EnvelopedReply(httpReply(headers, [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)]), { rules, maxMessageBytes: budgetBytes, method: 'a.S/M' })
      let [last, kind]: [string | undefined, string | undefined] = [undefined, undefined]
      for (let parts = await reply.next(); parts.length > 0; parts = await reply.next()) {
        const end = parts.at(-1)
        last = end?.kind
        kind = end?.kind === 'trailer' ? end.fault?.text.key : undefined
      }
      if (last !== 'trailer') throw new Error('it ended without a trailer')
      envelopedCaptured({ bytes, nodes: [{ start: 0, end: bytes.length, name: 'reply', kind: 'frame' }], messages: [{ start: 0, end: bytes.length }] }, [])
      return kind
    },
  })
}

const packed = envelope(1, gzipSync('a message'))
const webEnd = envelope(0x80, 'grpc-status:0\r\nx-t: 1\r\ngrpc-status-details-bin: CAUSAm5v')
const webBody = Buffer.concat([envelope(0, 'one'), packed, webEnd])
const connectEnd = envelope(2, '{"error":{"code":"not_found","message":"no","details":[{"type":"a.B","value":"AQI"}]},"metadata":{"x-t":["1",{"toString":2,"valueOf":3}]}}')

function connectDocument(): Promise<FuzzDecoder> {
  const document = '{"code":"not_found","message":"no 你","details":[{"type":"google.rpc.RetryInfo","value":"CgIIAQ"},{"type":"a.B","value":"AQI"}]}'
  return Promise.resolve({ samples: [Buffer.from(document), Buffer.from('{"code":"internal","details":[{"type":1}]}')], run: (bytes) => faultOfReply(500, bytes, 'a.S/M').text.key })
}

const frameOf = (code: number, payload: string, isLast = true): Buffer => Buffer.concat([Buffer.of((isLast ? 0x80 : 0) | code, payload.length), Buffer.from(payload)])

function webSocketFrames(): Promise<FuzzDecoder> {
  const long = Buffer.alloc(200, 0x61)
  const samples = [
    Buffer.concat([frameOf(opcode.text, '{"id":1}'), frameOf(opcode.ping, 'p'), frameOf(opcode.close, '\u0003\u00e8bye')]),
    Buffer.concat([frameOf(opcode.text, '{"id"', false), frameOf(opcode.continuation, ':1}')]), Buffer.concat([hex('827e00c8'), long, hex('827f00000000000000c8'), long]),
  ]
  return Promise.resolve({
    samples,
    run: (bytes) => {
      const reader = new FrameReader(budgetBytes)
      let read = 0
      const half = bytes.length >> 1
      for (const part of [bytes.subarray(0, half), bytes.subarray(half)]) {
        reader.push(part)
        for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
          read += frame.raw.length
          explainFrame(frame.raw, 0)
        }
      }
      if (read + reader.pending !== bytes.length) throw new Error('bytes were lost')
      return read > 0 ? undefined : 'more is needed'
    },
  })
}

/** Each text is read by a connection on which one call waits. */
function texts(make: () => Dialect, samples: readonly string[]): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: samples.map((text) => Buffer.from(text)),
    run: (bytes) => {
      const dialect = make()
      dialect.call('m', '["[Function]", {"a": "[Function]"}]')
      return dialect.read(bytes.toString())[0]?.kind ?? 'none'
    },
  })
}

const dnode = '{"method":0,"arguments":[{"error":null,"result":{"n":9007199254740993,"f":"[Function]"}}],"callbacks":{"1":["0","result","f"]},"links":[]}'
const dnodeTexts = [dnode, '{"method":"kite.ping","arguments":[{"responseCallback":"[Function]"}],"callbacks":{"3":["0","responseCallback"]},"links":[]}', '{"method":"0","arguments":[{"error":{"type":"methodNotFound","message":"no"},"result":null}],"callbacks":{},"links":[]}', '{"method":1,"arguments":[1,"x"]}']
const sockJsTexts = ['o', 'h', `a[${JSON.stringify(dnode)},${JSON.stringify(dnodeTexts[3])}]`, `m${JSON.stringify(dnode)}`, 'c[3000,"Go away!"]']

export const httpDecoders: Readonly<Record<string, () => Promise<FuzzDecoder>>> = {
  'HTTP/1 reply': http1,
  'HTTP content codings': contentCodings,
  'gzip message': () => compressed('gzip'),
  'deflate message': () => compressed('deflate'),
  'snappy message': () => compressed('snappy'),
  'zstd message': () => compressed('zstd'),
  'gRPC-Web reply': () => enveloped(grpcWebRules, [['Content-Type', 'application/grpc-web+proto'], ['Grpc-Encoding', 'gzip']], [webBody, webEnd]),
  'gRPC-Web reply in base64': () => enveloped(grpcWebRules, [['Content-Type', 'application/grpc-web-text'], ['Grpc-Encoding', 'gzip']], [Buffer.from(webBody.toString('base64')), Buffer.from(`${envelope(0, 'one').toString('base64')}${webEnd.toString('base64')}`)]),
  'Connect stream': () => enveloped(connectRules, [['Content-Type', 'application/connect+proto'], ['Connect-Content-Encoding', 'gzip']], [Buffer.concat([envelope(0, 'one'), packed, connectEnd]), envelope(2, '{}')]),
  'Connect error document': connectDocument,
  'WebSocket frames': webSocketFrames,
  'JSON-RPC 2.0': () => texts(() => new JsonRpc(), ['{"jsonrpc":"2.0","id":1,"result":{"n":9007199254740993}}', '{"jsonrpc":"2.0","id":"1","error":{"code":-32601,"message":"no","data":[1]}}', '[{"jsonrpc":"2.0","method":"m","params":[1]},{"jsonrpc":"2.0","id":1,"result":null}]']),
  'dnode (kite)': () => texts(() => new KiteDialect({ type: 'token', key: 'k' }, false), dnodeTexts),
  'SockJS (kite)': () => texts(() => new KiteDialect(undefined, true), sockJsTexts),
}
