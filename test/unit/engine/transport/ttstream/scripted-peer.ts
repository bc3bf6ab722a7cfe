// A server of TTHeader Streaming that does what a test says, and nothing by itself: for all that a real Kitex never does.

import * as net from 'node:net'
import { once } from 'node:events'
import { StreamFrameReader } from '../../../../../src-main/engine/transport/ttstream/frame-reader.ts'
import { encodeException, type StreamException } from '../../../../../src-main/engine/transport/ttstream/exception.ts'
import { encodeFrame, frameHeader, payloadOf, type FrameType, type StreamFrame } from '../../../../../src-main/engine/transport/ttstream/frame.ts'
import { noRoute, type StreamOpening, type StreamPart, type MessageStream } from '../../../../../src-main/engine/transport/transport.ts'
import type { Pair } from '../../../../../shared/model/metainfo.ts'

/** One connection as the server sees it. */
export class Conversation {
  readonly socket: net.Socket
  readonly #frames: StreamFrame[] = []
  readonly #waiting: ((frame: StreamFrame | undefined) => void)[] = []
  #closed = false

  constructor(socket: net.Socket) {
    this.socket = socket
    const reader = new StreamFrameReader({ limitOf: () => 1 << 26, oversized: () => undefined, frame: (frame) => this.#hand(frame) })
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
    socket.on('close', () => {
      this.#closed = true
      for (const waiting of this.#waiting.splice(0)) waiting(undefined)
    })
  }

  /** The next frame that the client sends; undefined when it has gone. */
  next(): Promise<StreamFrame | undefined> {
    const frame = this.#frames.shift()
    if (frame !== undefined || this.#closed) return Promise.resolve(frame)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The same as type, pairs and payload as text. */
  async told(): Promise<unknown> {
    const frame = await this.next()
    return frame === undefined ? 'closed' : told(frame)
  }

  /** Waits for a Header frame; what is sent then is of that stream. */
  async stream(): Promise<ServerStream> {
    const frame = await this.next()
    if (frame?.type !== 'header') throw new Error(`expected a Header frame, got ${frame?.type ?? 'an end'}`)
    return new ServerStream(this, frame.streamId)
  }

  send(...frames: readonly Buffer[]): void {
    for (const frame of frames) this.socket.write(frame)
  }

  #hand(frame: StreamFrame): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#frames.push(frame)
    else waiting(frame)
  }
}

const told = (frame: StreamFrame): unknown => [frame.type, frameHeader(frame).strings, payloadOf(frame).toString('latin1')]

/** Frames of one stream. */
export class ServerStream {
  readonly id: number
  readonly #conversation: Conversation

  constructor(conversation: Conversation, id: number) {
    this.#conversation = conversation
    this.id = id
  }

  frame(type: FrameType, pairs: readonly Pair[] = [], payload?: Buffer): Buffer {
    return encodeFrame(type, this.id, 'Chat', pairs, payload)
  }

  send(type: FrameType, pairs: readonly Pair[] = [], payload?: Buffer): void {
    this.#conversation.send(this.frame(type, pairs, payload))
  }

  data(text: string): void {
    this.send('data', [], Buffer.from(text))
  }

  exception(type: 'trailer' | 'rst', exception: StreamException, pairs: readonly Pair[] = []): void {
    this.send(type, pairs, encodeException('Chat', this.id, exception))
  }
}

export interface ScriptedPeer {
  readonly address: string
  /** Connections in the order in which they came. */
  accept(): Promise<Conversation>
  readonly accepted: () => number
  close(): void
}

/** Listens on loopback. */
export async function startScriptedPeer(): Promise<ScriptedPeer> {
  const came: Conversation[] = []
  const waiting: ((conversation: Conversation) => void)[] = []
  const sockets = new Set<net.Socket>()
  let accepted = 0
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    accepted++
    const conversation = new Conversation(socket)
    const next = waiting.shift()
    if (next === undefined) came.push(conversation)
    else next(conversation)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    accept: () => {
      const conversation = came.shift()
      return conversation === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(conversation)
    },
    accepted: () => accepted,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** How tests open a stream. */
export const opening: StreamOpening = {
  transport: 'ttheader-streaming',
  route: { service: 'Streams', method: 'Chat', codec: 'thrift-binary', language: 'thrift', compress: 'none', timeoutMs: 0, http: noRoute },
  header: { strings: [['isn', 'Streams'], ['RPC_TRANSIT_tk', 't1']], ints: [] },
  maxMessageBytes: 1 << 20,
  capture: true,
  caller: 'kite.test',
}

/** All parts to the end, messages as text. */
export async function readAll(stream: MessageStream): Promise<readonly unknown[]> {
  const all: unknown[] = []
  for (let parts = await stream.receive(); parts.length > 0; parts = await stream.receive()) all.push(...parts.map(plain))
  return all
}

export function plain(part: StreamPart): unknown {
  switch (part.kind) {
    case 'header':
      return ['header', part.header.strings]
    case 'message':
      return part.message.toString()
    case 'trailer':
      return ['trailer', part.header.strings, part.fault === undefined ? 'ok' : part.fault.text.key]
  }
}

/** What a stream ended by. */
export async function faultOf(stream: MessageStream): Promise<NonNullable<Extract<StreamPart, { kind: 'trailer' }>['fault']> | undefined> {
  for (let parts = await stream.receive(); parts.length > 0; parts = await stream.receive()) {
    const last = parts.at(-1)
    if (last?.kind === 'trailer') return last.fault
  }
  return undefined
}
