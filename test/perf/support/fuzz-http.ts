// What the fuzz bench damages of HTTP: replies, WebSocket frames with both JSON-RPCs, and replies of annotated methods.

import { loadIdl } from '../../../src-main/engine/idl/load.ts'
import { createHttpCodec } from '../../../src-main/engine/codec/http-generic/index.ts'
import { ReplyReader } from '../../../src-main/engine/transport/http/reply-reader.ts'
import { FrameReader } from '../../../src-main/engine/transport/jsonrpc-ws/frames.ts'
import { JsonRpc } from '../../../src-main/engine/transport/jsonrpc-ws/json-rpc.ts'
import { KiteDialect } from '../../../src-main/engine/transport/jsonrpc-ws/kite-dialect.ts'

const maxBytes = 1 << 20
const idlText = `enum Level { LOW = 1, HIGH = 5 }
struct Address { 1: required string city, 2: optional string street (api.body = "street_name") }
struct User { 1: i64 id (api.js_conv = ""), 2: string name, 3: Level level, 4: optional Address address, 5: optional list<string> tags, 6: optional map<string, i64> counts, 7: optional double score, 8: optional binary blob, 9: optional list<Address> others }
struct Reply { 1: User user, 2: string key, 3: i32 page, 4: i32 code (api.http_code = ""), 5: optional list<i32> seen (api.header = "X-A") }
service S { Reply CreateUser(1: User req) (api.post = "/users") }`

/** Whole messages, and what reads damaged ones. */
interface Damaged {
  readonly samples: readonly Buffer[]
  /** Throws only KiteError. */
  decode(bytes: Buffer): void
}

const quiet = { head: () => undefined, data: () => undefined, end: () => undefined }

export async function httpReplies(): Promise<Damaged> {
  const samples = [
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: 1\r\nX-A: 2\r\n\r\nhello world',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4;a=b\r\nWiki\r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: ab\r\n\r\n',
    'HTTP/1.0 404 Not Found\r\nX: folded\r\n line\r\n\r\nto the end',
  ].map((text) => Buffer.from(text))
  return {
    samples,
    decode: (bytes) => {
      const reader = new ReplyReader(quiet, false)
      for (let at = 0; at < bytes.length && !reader.isDone; at += 7) reader.push(bytes.subarray(at, at + 7))
      reader.close()
    },
  }
}

export async function webSocketMessages(): Promise<Damaged> {
  const frame = (text: string): Buffer => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)])
  const texts = ['o', '{"jsonrpc":"2.0","id":1,"result":{"a":[1,2]}}', '[{"id":1,"error":{"code":1,"message":"m"}},{"method":"n"}]', '{"method":0,"arguments":[{"error":null,"result":1}],"callbacks":{"1":[0,"x"]}}', 'm"{\\"method\\":0,\\"arguments\\":[]}"', 'c[3000,"Go away!"]']
  return {
    samples: texts.map(frame),
    decode: (bytes) => {
      const reader = new FrameReader(maxBytes)
      reader.push(bytes)
      for (let next = reader.next(); next !== undefined; next = reader.next()) {
        const dialect = next.raw.length % 2 === 0 ? new KiteDialect(undefined, undefined) : new JsonRpc()
        dialect.call('m', '')
        dialect.read(next.payload.toString())
      }
    },
  }
}

export async function mappedReplies(): Promise<Damaged> {
  const idl = await loadIdl({ paths: ['http.thrift'], includeDirs: [], read: () => Promise.resolve(idlText) })
  const [service] = idl.services
  const method = service?.methods.find(({ name }) => name === 'CreateUser')
  if (service === undefined || method === undefined) throw new Error('believed: the IDL has CreateUser')
  const codec = createHttpCodec().forMethod(idl, service, method)
  const user = '{"id":"9007199254740993","name":"n","level":5,"address":{"city":"c","street_name":"s"},"tags":["a"],"counts":{"m":-1},"score":0.1,"blob":"AAH/","others":[{"city":"x"}]}'
  return { samples: [Buffer.from(`201 Created\r\nContent-Type: application/json\r\nX-A: 1\r\n\r\n{"user":${user},"key":"k","page":3}`)], decode: (bytes) => void codec.decodeReply(bytes) }
}
