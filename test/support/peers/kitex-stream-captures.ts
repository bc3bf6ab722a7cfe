// Captures of Kitex's own client and server on streams, and on Kitex Protobuf and gRPC: which exchanges are captured, and the form of the golden
// files. A capture holds the bytes of one connection from its first to its last, both ways.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { captureFolder } from './kitex-captures.ts'
import type { KitexOrder, KitexOutcome, KitexStreamOrder, KitexStreamOutcome } from './kitex.ts'

/** What carried it and which golden file holds it. */
export const streamCaptureFiles = ['ttstream', 'thrift-grpc', 'protobuf-grpc', 'protobuf'] as const
export type StreamCaptureFile = (typeof streamCaptureFiles)[number]

/** One exchange as hex, and what Kitex's client said of it. */
export interface StreamCapture {
  readonly name: string
  /** Of `peer stream`, or of `peer call` where the method is unary. */
  readonly order: KitexStreamOrder | KitexOrder
  readonly outcome: KitexStreamOutcome | KitexOutcome
  readonly sent: string
  readonly received: string
}

export type StreamCaptureOrder = Pick<StreamCapture, 'name' | 'order'>

type Plain = Omit<KitexStreamOrder, 'transport' | 'idl'>

/** Both languages have these. */
const shared: readonly (readonly [string, Plain])[] = [
  ['client stream', { method: 'Collect', messages: [{ text: 'a', number: 1 }, { text: 'b', number: 41 }] }],
  ['server stream with header and trailer', { method: 'List', messages: [{ count: 3, text: 'x', header: { h: '1' }, trailer: { t: '2' } }] }],
  ['bidirectional stream', { method: 'Chat', messages: [{ text: 'a', number: 1 }, { text: '风筝', number: 9007199254740 }], pingPong: true }],
  ['error after a message', { method: 'List', messages: [{ count: 1, text: 'because', end: 'error' }] }],
  ['business error after a message', { method: 'List', messages: [{ count: 1, text: '不行', end: 'biz' }] }],
  ['error before any message', { method: 'Chat', messages: [{ text: 'a', plan: { text: 'at once', end: 'error' } }] }],
  ['cancelled after a message', { method: 'List', messages: [{ count: 1, text: 'c', end: 'wait' }], cancelAfter: 1 }],
  ['metainfo', { method: 'List', messages: [{ count: 1, text: 'm' }], transient: { tk: 't1' }, persistent: { pk: 'p1' } }],
  ['a large message', { method: 'List', messages: [{ count: 2, bytes: 40000 }] }],
]

const unary: readonly (readonly [string, Omit<KitexOrder, 'transport'>])[] = [
  ['ok', { service: 'PbPeer', method: 'Say', args: { Req: { text: 'hi', number: 1 } } }],
  ['empty message', { service: 'PbPeer', method: 'Void', args: { Req: {} } }],
  ['every type', {
    service: 'PbPeer', method: 'Echo', args: {
      Req: {
        flag: true, int32_value: -1, int64_value: -5, uint32_value: 4294967295, uint64_value: 5, sint32_value: -2147483648, sint64_value: -3, fixed32_value: 7, fixed64_value: 8, sfixed32_value: -7,
        sfixed64_value: -8, float_value: 0.5, double_value: 0.1, text: 'Kite 风筝', blob: 'AAH/gA==', color: 10, address: { city: '杭州', zip: 310000 }, numbers: [1, -1, 0], names: ['b', 'a'],
        counts: { one: 1 }, places: { 7: { city: 'A' } }, maybe: '', addresses: [{ city: 'A' }, {}], child: { text: 'leaf' },
      },
    },
  }],
  ['plain error', { service: 'PbPeer', method: 'Fail', args: { Req: { text: 'because' } } }],
  ['panic', { service: 'PbPeer', method: 'Panic', args: { Req: { text: 'because' } } }],
  ['business error', { service: 'PbPeer', method: 'Biz', args: { Req: { status: 42, message: '不行', extra: { k: '<v>&' } } } }],
  ['metainfo', { service: 'PbPeer', method: 'Tell', args: { Req: { header: { back: 'b1' } } }, transient: { tk: 't1' }, persistent: { pk: 'p1' } }],
  ['with a timeout', { service: 'PbPeer', method: 'Say', args: { Req: { text: 'soon' } }, timeoutMs: 1500 }],
  ['second service', { service: 'PbSecond', method: 'Hello', args: { Req: { text: 'kite' } } }],
]

const thriftUnary: readonly (readonly [string, Omit<KitexOrder, 'transport'>])[] = [
  ['unary', { service: 'Streams', method: 'Once', args: { note: { text: 'u', number: 1 } } }],
  ['unary business error', { service: 'Peer', method: 'Biz', args: { status: 42, message: 'no', extra: { k: 'v' } } }],
  ['unary declared exception', { service: 'Peer', method: 'Throw', args: { code: 7 } }],
]

const streams = (transport: KitexStreamOrder['transport'], idl: KitexStreamOrder['idl']): readonly StreamCaptureOrder[] => shared.map(([name, order]) => ({ name, order: { transport, idl, ...order } }))
const calls = (transport: KitexOrder['transport'], list: typeof unary): readonly StreamCaptureOrder[] => list.map(([name, order]) => ({ name, order: { transport, ...order } }))

/** What is captured into each file. */
export const streamCaptureOrders: Readonly<Record<StreamCaptureFile, readonly StreamCaptureOrder[]>> = {
  ttstream: streams('ttstream', 'thrift'),
  'thrift-grpc': [...calls('grpc', thriftUnary), ...streams('grpc', 'thrift')],
  'protobuf-grpc': [...calls('grpc', unary), ...streams('grpc', 'pb')],
  protobuf: calls('ttheader-framed', unary),
}

/** Told apart by what only a stream's order has. */
export const isStreamOrder = (order: StreamCapture['order']): order is KitexStreamOrder => 'idl' in order

export async function readStreamCaptures(file: StreamCaptureFile): Promise<readonly StreamCapture[]> {
  return JSON.parse(await readFile(join(captureFolder, `${file}.json`), 'utf8')) as readonly StreamCapture[]
}

export async function writeStreamCaptures(file: StreamCaptureFile, captures: readonly StreamCapture[]): Promise<void> {
  await writeFile(join(captureFolder, `${file}.json`), `${JSON.stringify(captures, undefined, 2)}\n`)
}
