// An HTTP/2 server that does what a test tells it, also what no server may: it writes frames by hand and reads ours with a parser of its own few
// lines, so that an error of our parser cannot hide in it.

import * as net from 'node:net'
import type { Pair } from '../../../../../shared/model/metainfo.ts'
import { HpackDecoder } from '../../../../../src-main/engine/transport/http2/hpack-decoder.ts'
import { HpackEncoder } from '../../../../../src-main/engine/transport/http2/hpack-encoder.ts'

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export const DATA = 0
export const HEADERS = 1
export const RST_STREAM = 3
export const SETTINGS = 4
export const PING = 6
export const GOAWAY = 7
export const WINDOW_UPDATE = 8
export const CONTINUATION = 9

export function frameBytes(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream >>> 0, 5)
  return Buffer.concat([head, payload])
}

export const u32 = (...values: readonly number[]): Buffer => Buffer.concat(values.map((value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}))

export function settings(pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  return Buffer.concat(pairs.map(([id, value]) => {
    const bytes = Buffer.alloc(6)
    bytes.writeUInt16BE(id)
    bytes.writeUInt32BE(value, 2)
    return bytes
  }))
}

/** A gRPC message with its prefix. */
export const grpcMessage = (message: Uint8Array, compressed = 0): Buffer => Buffer.concat([Buffer.of(compressed), u32(message.length), message])

export const grpcHeaders: readonly Pair[] = [[':status', '200'], ['content-type', 'application/grpc']]
export const grpcTrailers: readonly Pair[] = [['grpc-status', '0']]

/** One client of the server, seen from the server. */
export class Peer {
  readonly frames: Frame[] = []
  /** Header lists that came, by stream. */
  readonly heads = new Map<number, readonly Pair[]>()
  readonly #socket: net.Socket
  readonly #encoder = new HpackEncoder()
  readonly #decoder = new HpackDecoder()
  readonly #waiting: { readonly match: (frame: Frame) => boolean; readonly resolve: (frame: Frame) => void }[] = []
  #bytes = Buffer.alloc(0)
  #greeted = false

  constructor(socket: net.Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  send(type: number, flags: number, stream: number, payload?: Uint8Array): void {
    this.raw(frameBytes(type, flags, stream, payload))
  }

  raw(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  settings(pairs: readonly (readonly [id: number, value: number])[] = []): void {
    this.send(SETTINGS, 0, 0, settings(pairs))
  }

  headers(stream: number, fields: readonly Pair[], last = false): void {
    this.send(HEADERS, last ? 5 : 4, stream, this.block(fields))
  }

  /** A header block of this connection. */
  block(fields: readonly Pair[]): Buffer {
    return Buffer.from(this.#encoder.encode([], fields))
  }

  data(stream: number, payload: Uint8Array, last = false): void {
    this.send(DATA, last ? 1 : 0, stream, payload)
  }

  /** A whole unary gRPC reply. */
  reply(stream: number, message: Uint8Array = Buffer.from('pong')): void {
    this.headers(stream, grpcHeaders)
    this.data(stream, grpcMessage(message))
    this.headers(stream, grpcTrailers, true)
  }

  /** Reads and says no more; what the client sends waits in the socket. */
  pause(): void {
    this.#socket.pause()
  }

  end(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  /** The first frame, of those that came and those to come, that matches. */
  async frame(type: number, more: (frame: Frame) => boolean = () => true): Promise<Frame> {
    const match = (frame: Frame): boolean => frame.type === type && more(frame)
    const known = this.frames.find(match)
    return known ?? await new Promise((resolve) => this.#waiting.push({ match, resolve }))
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    if (!this.#greeted) {
      if (this.#bytes.length < 24) return
      this.#greeted = true
      this.#bytes = this.#bytes.subarray(24)
    }
    while (this.#bytes.length >= 9) {
      const length = this.#bytes.readUIntBE(0, 3)
      if (this.#bytes.length < 9 + length) return
      const frame = { type: this.#bytes[3] ?? 0, flags: this.#bytes[4] ?? 0, stream: this.#bytes.readUInt32BE(5), payload: Buffer.from(this.#bytes.subarray(9, 9 + length)) }
      this.#bytes = this.#bytes.subarray(9 + length)
      if (frame.type === HEADERS) this.heads.set(frame.stream, this.#decoder.decode(frame.payload).fields)
      this.frames.push(frame)
      for (const one of this.#waiting.filter(({ match }) => match(frame))) {
        this.#waiting.splice(this.#waiting.indexOf(one), 1)
        one.resolve(frame)
      }
    }
  }
}

export class ScriptedServer {
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  readonly peers: Peer[] = []

  private constructor(script: (peer: Peer, number: number) => void | Promise<void>) {
    this.#server = net.createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
      const peer = new Peer(socket)
      this.peers.push(peer)
      void script(peer, this.peers.length)
    })
  }

  /** Listens on loopback; the script runs for every connection. */
  static async start(script: (peer: Peer, number: number) => void | Promise<void>): Promise<ScriptedServer> {
    const server = new ScriptedServer(script)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
