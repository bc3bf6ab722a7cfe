// grpc-js as a server of streams in this process, messages by protobufjs: nothing of ours on its side. It tells how many messages it could
// write, by which one sees whether a reader that pauses holds it back.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import protobuf from 'protobufjs'

/** Service `chat.Chat`: Talk echoes, List counts, Collect sums. */
export const chatProto = resolve(import.meta.dirname, '../../fixtures/stream/chat.proto')

export interface ChatServer {
  readonly address: string
  /** Messages that List handed to flow control so far. */
  written(): number
  /** What Talk heard, in order. */
  readonly heard: readonly string[]
  close(): void
}

interface Note { readonly text?: string; readonly number?: number | string }
interface Plan { readonly count?: number; readonly text?: string }

export async function startChatServer(): Promise<ChatServer> {
  const { root } = protobuf.parse(readFileSync(chatProto, 'utf8'))
  const heard: string[] = []
  const counted = { written: 0 }
  const server = new grpc.Server()
  server.addService({ Talk: method(root, 'Talk', 'Note', 'Note', true, true), List: method(root, 'List', 'Plan', 'Note', false, true), Collect: method(root, 'Collect', 'Note', 'Tally', true, false) }, {
    Talk: (call: grpc.ServerDuplexStream<Note, Note>) => {
      call.sendMetadata(metadata('x-room', 'kitchen'))
      call.on('data', (note: Note) => {
        heard.push(note.text ?? '')
        call.write(note)
      })
      call.on('end', () => call.end(metadata('x-heard', String(heard.length))))
    },
    List: (call: grpc.ServerWritableStream<Plan, Note>) => list(call, counted),
    Collect: (call: grpc.ServerReadableStream<Note, object>, done: grpc.sendUnaryData<object>) => {
      const numbers: bigint[] = []
      call.on('data', ({ number = 0 }: Note) => numbers.push(BigInt(number)))
      call.on('end', () => done(null, { count: numbers.length, sum: String(numbers.reduce((sum, each) => sum + each, 0n)) }))
    },
  })
  const port = await new Promise<number>((done, failed) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error === null ? done(bound) : failed(error))))
  return { address: `127.0.0.1:${port}`, written: () => counted.written, heard, close: () => server.forceShutdown() }
}

/** Writes as fast as the reader takes it. */
function list(call: grpc.ServerWritableStream<Plan, Note>, counted: { written: number }): void {
  const { count = 0, text = '' } = call.request
  let number = 0
  const go = (): void => {
    while (number < count && !call.cancelled) {
      counted.written += 1
      if (!call.write({ text, number: number++ })) return void call.once('drain', go)
    }
    call.end()
  }
  go()
}

function metadata(key: string, value: string): grpc.Metadata {
  const pairs = new grpc.Metadata()
  pairs.set(key, value)
  return pairs
}

function method(root: protobuf.Root, name: string, request: string, response: string, requestStream: boolean, responseStream: boolean): grpc.MethodDefinition<object, object> {
  const [requests, responses] = [root.lookupType(`chat.${request}`), root.lookupType(`chat.${response}`)]
  const write = (type: protobuf.Type) => (value: object): Buffer => Buffer.from(type.encode(type.fromObject(value)).finish())
  const read = (type: protobuf.Type) => (bytes: Buffer): object => type.toObject(type.decode(bytes), { longs: String })
  return { path: `/chat.Chat/${name}`, requestStream, responseStream, requestSerialize: write(requests), requestDeserialize: read(requests), responseSerialize: write(responses), responseDeserialize: read(responses) }
}
