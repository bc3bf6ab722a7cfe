// The payload codecs as fuzzed decoders: messages with a head and bare ones, JSON of every kind, what explains bytes, and what tells where an
// unframed message ends.

import { createFileRegistry, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { readJson } from '../../../shared/logic/json/read.ts'
import { splitJson } from '../../../shared/logic/json/split.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import type { MethodCodec, PayloadCodec } from '../../../src-main/engine/codec/codec.ts'
import { createCodec } from '../../../src-main/engine/codec/codecs.ts'
import { createHttpCodec } from '../../../src-main/engine/codec/http-generic/index.ts'
import { createMessageMeter } from '../../../src-main/engine/codec/index.ts'
import { loadIdl } from '../../../src-main/engine/idl/load.ts'
import { randomJson } from '../proto-idl.ts'
import type { FuzzDecoder } from './decoder.ts'
import { fixture, hex, idlOf, json, methodOf, streamCaptures } from './fixtures.ts'
import { seededRandom } from './mutate.ts'

type ThriftForm = 'thrift-binary' | 'thrift-compact'
interface Golden { readonly method: string; readonly kind: string; readonly hex: string }

const goldenOf = (form: ThriftForm): readonly Golden[] => json<readonly Golden[]>(`golden/${form}/messages.json`)

const both = (codec: MethodCodec, isRequest: boolean) => (bytes: Buffer): void => {
  const { json: text } = isRequest ? codec.decodeRequest(bytes) : jsonOf(codec.decodeReply(bytes))
  JSON.parse(text)
}

/** What a reply says as JSON; a remote's own exception says none. */
const jsonOf = (reply: ReturnType<MethodCodec['decodeReply']>): { readonly json: string } => (reply.kind === 'remote-exception' ? { json: JSON.stringify(reply.message) } : reply)

async function thriftMessages(form: ThriftForm): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec(form), await idlOf(`golden/${form}/messages.thrift`)]
  const golden = goldenOf(form)
  const readers = golden.map(({ method, kind }) => both(methodOf(codec, idl, method), kind === 'request'))
  // Damage to the head is refused at once: most is to reach what stands behind it.
  return { samples: golden.map((one) => hex(one.hex)), mutation: { keep: 6 }, run: (bytes, sample) => readers[sample]?.(bytes) }
}

const everyThriftType = '{"flag":true,"small":-1,"short":300,"medium":-70000,"long":9007199254740993,"real":0.1,"text":"風箏","bytes":"AAH/","colour":"BLUE","numbers":[1,-1,0,5,7,1000],"names":["b","a"],"counts":{"one":1,"two":-2},"inner":{"long":1,"inner":{"text":"deep"},"numbers":[]},"either":{"right":"r"},"key":"00112233-4455-6677-8899-aabbccddeeff"}'

async function thriftBare(form: ThriftForm): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec(form), await idlOf('golden/thrift-binary/messages.thrift')]
  const samples = [everyThriftType, '{"inner":{"inner":{"inner":{"text":"x"}}}}', '{"counts":{"a":1},"numbers":[1,2,3]}'].map((text) => codec.encodeType(idl, 'All', text))
  return { samples, run: (bytes) => void JSON.parse(codec.decodeType(idl, 'All', bytes).json) }
}

async function thriftExplained(form: ThriftForm): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec(form), await idlOf(`golden/${form}/messages.thrift`)]
  const golden = goldenOf(form)
  const methods = golden.map(({ method }) => methodOf(codec, idl, method))
  return {
    samples: golden.map((one) => hex(one.hex)),
    run: (bytes, sample) => {
      codec.peekHead(bytes)
      // A message is no bare struct: of that only the ranges are looked at.
      checkNodes(codec.explain(bytes, 0, 'bare'), bytes.length)
      return [codec.explain(bytes, 0), methods[sample]?.explain(bytes, 0) ?? []].map((nodes) => checkNodes(nodes, bytes.length)).includes(false) ? 'not understood to the end' : undefined
    },
  }
}

/** Throws where a node reaches beyond its bytes; false where some are not understood. */
function checkNodes(nodes: readonly ByteNode[], end: number): boolean {
  let whole = true
  for (const node of nodes) {
    if (node.start < 0 || node.start > node.end || node.end > end) throw new Error(`${node.name} stands at ${node.start} to ${node.end} of ${end} bytes`)
    if (node.kind === 'unknown' || (node.children !== undefined && !checkNodes(node.children, end))) whole = false
  }
  return whole
}

function meter(): Promise<FuzzDecoder> {
  const samples = [...goldenOf('thrift-binary'), ...goldenOf('thrift-compact')].map((one) => hex(one.hex))
  return Promise.resolve({
    samples,
    run: (bytes) => {
      const measure = createMessageMeter({})
      const early = measure(bytes.subarray(0, bytes.length >> 1), 0)
      const length = measure(bytes, 0)
      if (length !== undefined && (length > bytes.length || length <= 0)) throw new Error(`a message of ${length} bytes in ${bytes.length}`)
      if (early !== undefined && early !== length) throw new Error(`${early} bytes, then ${length}`)
      return length === undefined ? 'more is needed' : undefined
    },
  })
}

const protoFiles = ['codec3', 'codec2', 'codec2023'].map((name) => `fixtures/idl/proto/${name}.proto`)

/** Random values of every message of the fixtures. */
function protoValues(): readonly { readonly type: string; readonly text: string }[] {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, fixture('fixtures/idl/proto/codec.binpb')))
  const random = seededRandom(31)
  const own = [...registry].flatMap((one) => (one.kind === 'message' && one.typeName.startsWith('codec.') && !one.nestedMessages.some(({ typeName }) => typeName === '') ? [one] : []))
  return own.flatMap((desc) => [0, 1].map(() => ({ type: desc.typeName, text: JSON.stringify(randomJson(desc, random)) })))
}

const encodable = (codec: PayloadCodec, idl: Awaited<ReturnType<typeof idlOf>>): readonly { readonly type: string; readonly text: string; readonly bytes: Buffer }[] => (
  protoValues().map(({ type, text }) => ({ type, text, bytes: codec.encodeType(idl, type, text) })).filter(({ bytes }) => bytes.length > 0 && bytes.length < 2000))

async function protobufBare(): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec('protobuf'), await idlOf(...protoFiles)]
  const values = encodable(codec, idl)
  return { samples: values.map(({ bytes }) => bytes), run: (bytes, sample) => void JSON.parse(codec.decodeType(idl, values[sample]?.type ?? '', bytes).json) }
}

async function protobufExplained(): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec('protobuf'), await idlOf(...protoFiles)]
  const values = encodable(codec, idl)
  return {
    samples: values.map(({ bytes }) => bytes),
    run: (bytes) => (checkNodes(codec.explain(bytes, 0, 'bare'), bytes.length) ? undefined : 'not understood to the end'),
  }
}

/** Kitex's messages cut out of their frames: a TTHeader with an unframed or framed message behind it. */
function kitexProtobufMessages(): readonly { readonly bytes: Buffer; readonly method: string; readonly isRequest: boolean }[] {
  const messageOf = (frame: Buffer): Buffer => frame.subarray(frame.indexOf(hex('9001')))
  return streamCaptures('protobuf').flatMap(({ sent, received, method }) => [{ bytes: messageOf(sent), method, isRequest: true }, { bytes: messageOf(received), method, isRequest: false }])
}

async function protobufMessages(): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec('protobuf'), await idlOf('peers/kitex/idl/peerpb.proto')]
  const messages = kitexProtobufMessages()
  const readers = messages.map(({ method, isRequest }) => both(methodOf(codec, idl, method), isRequest))
  return { samples: messages.map(({ bytes }) => bytes), mutation: { keep: 8 }, run: (bytes, sample) => readers[sample]?.(bytes) }
}

async function kitexException(): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec('protobuf'), await idlOf('peers/kitex/idl/peerpb.proto')]
  const method = methodOf(codec, idl, 'Say')
  const samples = [method.encodeReply({ kind: 'remote-exception', typeId: 6, message: 'because 不行' }, 7), method.encodeReply({ kind: 'remote-exception', typeId: -1, message: '' }, 7)]
  return {
    samples,
    run: (bytes) => {
      method.explain(bytes, 0)
      method.decodeReply(bytes)
    },
  }
}

/** ProtoJSON as a peer sends it and as a person writes it. */
async function protoJson(): Promise<FuzzDecoder> {
  const [wire, json_, idl] = [await createCodec('protobuf'), await createCodec('json'), await idlOf(...protoFiles)]
  const values = encodable(wire, idl)
  return {
    samples: values.map(({ text }) => Buffer.from(text)),
    run: (bytes, sample) => {
      const type = values[sample]?.type ?? ''
      json_.decodeType(idl, type, bytes)
      wire.encodeType(idl, type, bytes.toString())
    },
  }
}

async function thriftBody(): Promise<FuzzDecoder> {
  const [codec, idl] = [await createCodec('thrift-binary'), await idlOf('golden/thrift-binary/messages.thrift')]
  return { samples: [everyThriftType, '{"inner": {"either": {"left": 1}}} // a comment', '{"counts": [["a", 1]], "bytes": {"$hex": "00ff"}, "real": NaN}'].map((text) => Buffer.from(text)), run: (bytes) => void codec.encodeType(idl, 'All', bytes.toString()) }
}

/** Any JSON, read into nodes and cut into values, in one piece and in two: both cut alike. */
function jsonText(): Promise<FuzzDecoder> {
  const samples = [everyThriftType, '{"a":[1,2.5e3,"\\u00e9\\n",null,true]}\n[{}]\n"x" 5 // end\n{"b":/* c */1}', '"\\ud83d\\ude80" [[[[]]]] {"k":{"k":{"k":{}}}}'].map((text) => Buffer.from(text))
  return Promise.resolve({
    samples,
    run: (bytes) => {
      const text = bytes.toString()
      const cut = [...splitJson(text)]
      for (const piece of cut) readJson(piece.json)
      const { root } = readJson(text)
      return root === undefined ? 'refused' : undefined
    },
  })
}

async function httpReplies(): Promise<FuzzDecoder> {
  const idl = await idlOf('peers/hertz/idl/gateway.thrift')
  const codec = createHttpCodec()
  const methods = idl.services.flatMap((service) => service.methods.map((method) => codec.forMethod(idl, service, method)))
  const reply = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 7\r\nSet-Cookie: a=b\r\n\r\n{"id":"7","name":"n","items":[{"id":1}],"code":200,"BaseResp":{}}')
  const request = Buffer.from('POST /v1/users/7?limit=5&tag=a&tag=b HTTP/1.1\r\nContent-Type: application/json\r\nCookie: s=1\r\nX-Token: t\r\n\r\n{"name":"n","id":"9007199254740993"}')
  return {
    samples: [reply, request],
    run: (bytes, sample) => {
      for (const method of methods) {
        if (sample === 0) method.decodeReply(bytes)
        else method.decodeRequest(bytes)
      }
    },
  }
}

const mappedIdl = `enum Level { LOW = 1, HIGH = 5 }
struct Address { 1: required string city, 2: optional string street (api.body = "street_name") }
struct User { 1: i64 id (api.js_conv = ""), 2: string name, 3: Level level, 4: optional Address address, 5: optional list<string> tags, 6: optional map<string, i64> counts, 7: optional double score, 8: optional binary blob, 9: optional list<Address> others }
struct Reply { 1: User user, 2: string key, 3: i32 page, 4: i32 code (api.http_code = ""), 5: optional list<i32> seen (api.header = "X-A") }
service S { Reply CreateUser(1: User req) (api.post = "/users") }`

/** Every kind of value in a reply of an annotated method. */
async function mappedReply(): Promise<FuzzDecoder> {
  const method = methodOf(createHttpCodec(), await loadIdl({ paths: ['mapped.thrift'], read: () => Promise.resolve(mappedIdl) }), 'CreateUser')
  const user = '{"id":"9007199254740993","name":"n","level":5,"address":{"city":"c","street_name":"s"},"tags":["a"],"counts":{"m":-1},"score":0.1,"blob":"AAH/","others":[{"city":"x"}]}'
  return { samples: [Buffer.from(`201 Created\r\nContent-Type: application/json\r\nX-A: 1\r\n\r\n{"user":${user},"key":"k","page":3}`)], run: (bytes) => void method.decodeReply(bytes) }
}

export const codecDecoders: Readonly<Record<string, () => Promise<FuzzDecoder>>> = {
  'Thrift Binary message': () => thriftMessages('thrift-binary'),
  'Thrift Binary bare': () => thriftBare('thrift-binary'),
  'Thrift Binary explained': () => thriftExplained('thrift-binary'),
  'Thrift Compact message': () => thriftMessages('thrift-compact'),
  'Thrift Compact bare': () => thriftBare('thrift-compact'),
  'Thrift Compact explained': () => thriftExplained('thrift-compact'),
  'Thrift meter': meter,
  'Kitex Protobuf message': protobufMessages,
  'Kitex exception': kitexException,
  'Protobuf bare': protobufBare,
  'Protobuf explained': protobufExplained,
  'ProtoJSON body': protoJson,
  'Thrift JSON body': thriftBody,
  'JSON text': jsonText,
  'HTTP generic': httpReplies,
  'HTTP generic reply': mappedReply,
}
