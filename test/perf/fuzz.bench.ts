// A million damaged messages for each decoder: none may crash, hang or take memory beyond its budget. What a decoder throws must be an error of
// ours; the longest single decode and the growth of the process are the figures. One more decoder: one more row.

import { KiteError } from '../../shared/base/error.ts'
import type { Direction, MethodCodec } from '../../src-main/engine/codec/codec.ts'
import { createCodec } from '../../src-main/engine/codec/codecs.ts'
import { createEngine, systemPorts } from '../../src-main/engine/index.ts'
import { findMethod } from '../../src-main/engine/idl/find-method.ts'
import { explainFrame } from '../../src-main/engine/transport/explain.ts'
import { FrameReader } from '../../src-main/engine/transport/frame-reader.ts'
import { explainStream } from '../../src-main/engine/transport/ttstream/explain-stream.ts'
import { resetFault, trailerFault } from '../../src-main/engine/transport/ttstream/faults.ts'
import { frameHeader, payloadOf } from '../../src-main/engine/transport/ttstream/frame.ts'
import { StreamFrameReader } from '../../src-main/engine/transport/ttstream/frame-reader.ts'
import { mutations } from '../support/fuzz/mutate.ts'
import { kitexIdl, kitexProto } from '../support/peers/kitex.ts'
import { captureTransports, readCaptures } from '../support/peers/kitex-captures.ts'
import { readStreamCaptures } from '../support/peers/kitex-stream-captures.ts'
import { keep, table } from './support/figures.ts'
import { grpcReplies } from './support/fuzz-http2.ts'
import { httpReplies, mappedReplies, webSocketMessages } from './support/fuzz-http.ts'

const count = Number(process.env['KITE_FUZZ_COUNT'] ?? 1_000_000)
const maxFrameBytes = 1 << 20
const seed = 20_261_121

interface Decoder {
  readonly samples: readonly Buffer[]
  /** Throws only KiteError. A promise lets the event loop turn before the next. */
  decode(bytes: Buffer): void | Promise<void>
}

const fromHex = (hex: string): Buffer => Buffer.from(hex, 'hex')
const small = ({ length }: Buffer): boolean => length > 0 && length < 2000

async function framed(): Promise<Decoder> {
  const { measureMessage } = await import('../../src-main/engine/codec/index.ts')
  const captures = (await Promise.all(captureTransports.map(readCaptures))).flat()
  const protobuf = await readStreamCaptures('protobuf')
  const options = { meter: measureMessage, maxFrameBytes }
  return {
    samples: [...captures.flatMap(({ request, reply }) => [request, reply]), ...protobuf.flatMap(({ sent, received }) => [sent, received])].map(fromHex).filter(small),
    decode: (bytes) => {
      const reader = new FrameReader()
      reader.push(bytes)
      for (let message = reader.next(options); message !== undefined && reader.size > 0;) message = reader.next(options)
    },
  }
}

async function explained(): Promise<Decoder> {
  const { samples } = await framed()
  return { samples, decode: (bytes) => void explainFrame(bytes) }
}

async function streamed(): Promise<Decoder> {
  const captures = await readStreamCaptures('ttstream')
  return {
    samples: captures.flatMap(({ sent, received }) => [sent, received]).map(fromHex).filter(small),
    decode: (bytes) => {
      new StreamFrameReader({
        limitOf: () => maxFrameBytes,
        oversized: () => undefined,
        frame: (frame) => {
          if (frame.type === 'trailer') trailerFault(frameHeader(frame), payloadOf(frame))
          if (frame.type === 'rst') resetFault(frameHeader(frame), payloadOf(frame))
          if (frame.type === 'header') frameHeader(frame)
        },
      }).push(bytes)
    },
  }
}

async function dumps(): Promise<Decoder> {
  const { samples } = await streamed()
  return { samples, decode: (bytes) => void explainStream(bytes) }
}

/** Requests and replies of one method, read by a codec with its IDL and explained. */
async function messages(codec: 'thrift-binary' | 'protobuf', idlPath: string, method: string, samples: readonly (readonly [Direction, Buffer])[]): Promise<Decoder> {
  const engine = createEngine(systemPorts())
  const idl = await engine.idl.load({ paths: [idlPath] })
  await engine.dispose()
  const found = findMethod(idl, method)
  if (!found.ok) throw new Error(`believed: the peer's IDL has ${method}`)
  const compiled: MethodCodec = (await createCodec(codec)).forMethod(idl, found.value.service, found.value.method)
  let turn = 0
  return {
    samples: samples.map(([, bytes]) => bytes),
    decode: (bytes) => {
      const [direction] = samples[turn++ % samples.length] ?? ['request' as const]
      compiled.explain(bytes, 0, direction)
      if (direction === 'request') compiled.decodeRequest(bytes)
      else compiled.decodeReply(bytes)
    },
  }
}

async function thriftMessages(): Promise<Decoder> {
  const captures = (await readCaptures('buffered')).filter(({ method }) => method === 'Echo')
  return messages('thrift-binary', kitexIdl, 'Peer/Echo', captures.flatMap(({ request, reply }): (readonly [Direction, Buffer])[] => [['request', fromHex(request)], ['reply', fromHex(reply)]]))
}

async function protobufMessages(): Promise<Decoder> {
  const whole = (await readStreamCaptures('protobuf')).find(({ name }) => name === 'every type')
  if (whole === undefined) throw new Error('believed: every type was captured')
  const inner = (hex: string): Buffer => {
    const raw = fromHex(hex)
    return raw.subarray(explainFrame(raw).messageOffset ?? 0)
  }
  return messages('protobuf', kitexProto, 'PbPeer/Echo', [['request', inner(whole.sent)], ['reply', inner(whole.received)]])
}

async function run({ samples, decode }: Decoder) {
  const before = process.memoryUsage().rss
  let most = before
  let refused = 0
  let longestMs = 0
  let n = 0
  const begin = performance.now()
  for (const bytes of mutations(samples, count, seed)) {
    // Of the processor, since the machine may be busy with others.
    const start = process.cpuUsage().user
    try {
      const turn = decode(bytes)
      if (turn !== undefined) await turn
    } catch (caught) {
      if (!(caught instanceof KiteError) || caught.data.code === 'internal') throw new Error(`message ${n}: ${bytes.toString('hex')}`, { cause: caught })
      refused++
    }
    longestMs = Math.max(longestMs, (process.cpuUsage().user - start) / 1000)
    if (n++ % 4096 === 0) most = Math.max(most, process.memoryUsage().rss)
  }
  return { messages: n, refused, longestMs, grewMiB: (most - before) / 1024 / 1024, seconds: (performance.now() - begin) / 1000 }
}

const decoders: Readonly<Record<string, () => Promise<Decoder>>> = {
  'frames: Buffered to TTHeaderFramed, Kitex Protobuf': framed,
  'the same explained': explained,
  'frames of TTHeader Streaming': streamed,
  'the same explained as a dump': dumps,
  'Thrift Binary, read and explained': thriftMessages,
  'Kitex Protobuf, read and explained': protobufMessages,
  'HTTP/1 replies, in pieces': httpReplies,
  'HTTP/2 and gRPC replies, explained': grpcReplies,
  'WebSocket frames and JSON-RPC': webSocketMessages,
  'HTTP replies of annotated methods': mappedReplies,
}

const results: Record<string, Awaited<ReturnType<typeof run>>> = {}
for (const [name, make] of Object.entries(decoders)) results[name] = await run(await make())
table(results)
console.log(`aim: ${count} damaged messages each; only errors of ours, none longer than a garbage collection, no growth beyond a budget of 256 MiB`)
keep({ results })
