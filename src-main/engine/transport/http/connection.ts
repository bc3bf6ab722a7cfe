// A socket that speaks HTTP/1.1: one request at a time, its reply read at the reader's pace, every byte of both directions known. Written
// anew rather than taken from Node because the byte view wants the range of each part, and headers must leave exactly as they were given.

import type { Socket } from 'node:net'
import { assert, assertExists } from '../../../../shared/base/assert.ts'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { abortError, whenAborted } from '../abort.ts'
import type { Dialled } from '../dial.ts'
import { socketEnds } from '../socket-ends.ts'
import { closedBeforeReply, connectionBroke } from '../socket-errors.ts'
import type { Captured } from '../transport.ts'
import { BodyQueue } from './body-queue.ts'
import { readBody } from './read-body.ts'
import { ReplyReader } from './reply-reader.ts'
import type { RequestConnection } from './request-connection.ts'
import { writeRequest } from './request-writer.ts'
import { Tape } from './tape.ts'
import { headerOf, type HttpReply, type HttpRequestOptions, type HttpRequestParts, type ReplyHead } from './types.ts'

/** How long a server may take to say that it wants the body that `Expect: 100-continue` announced. */
const continueWithinMs = 1000

/** A request that is under way. */
interface Running {
  readonly reader: ReplyReader
  readonly queue: BodyQueue
  readonly tape: Tape
  readonly sent: Captured
  readonly marks: { writeStart: number; writeFinish: number; readStart: number; readFinish: number }
  readonly resolve: (reply: HttpReply) => void
  readonly reject: (error: KiteError) => void
  readonly forgetAbort: () => void
  readonly sendBody: () => void
  bodyBytes: number
  trailers: readonly Pair[]
  head: ReplyHead | undefined
}

export class HttpConnection implements RequestConnection {
  /** As it was dialled. */
  readonly address: string
  readonly dialMs: number
  /** What the handshake came to; undefined: plaintext. */
  readonly tls: Dialled['tls']
  readonly local: string
  readonly remote: string
  /** Requests begun on it so far. */
  uses = 0
  idleSince = performance.now()
  onIdleEnd: (() => void) | undefined
  readonly #socket: Socket
  readonly #listeners: readonly (readonly [event: string, listener: (given: Buffer & Error) => void])[]
  #running: Running | undefined
  #spent = false
  /** Bytes after a reply of 101, which are no HTTP. */
  #early: Buffer[] | undefined
  #failure: KiteError | undefined

  constructor({ socket, dialMs, tls }: Dialled, address: string) {
    this.#socket = socket
    this.address = address
    this.dialMs = dialMs
    this.tls = tls
    const { local, remote } = socketEnds(socket, address)
    this.local = local
    this.remote = remote
    this.#listeners = [
      ['data', (chunk) => this.#read(chunk)],
      ['end', () => this.#ended()],
      ['error', (caught) => this.#fail(connectionBroke(caught, address, this.#running?.reader.received ?? 0))],
      ['close', () => this.#ended()],
    ]
    for (const [event, listener] of this.#listeners) socket.on(event, listener)
  }

  /** Whether another request may follow: not after a failure, a reply that announced a close, or one that was not read to its end. */
  get reusable(): boolean {
    return !this.#spent && this.#running === undefined && this.#socket.writable && !this.#socket.destroyed
  }

  set keepsProcess(keeps: boolean) {
    if (keeps) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Sends a request; resolves with the head of its reply. */
  request(parts: HttpRequestParts, signal: AbortSignal, { captureBytes = Infinity, onWritten }: HttpRequestOptions = {}): Promise<HttpReply> {
    if (signal.aborted) return Promise.reject(abortError(signal))
    if (this.#spent || this.#socket.destroyed) return Promise.reject(this.#failure ?? closedBeforeReply(this.address))
    assert(this.#running === undefined, 'the body of a reply is read before the next request')
    let sent: Captured
    try {
      sent = writeRequest(parts, this.address)
    } catch (caught) {
      return Promise.reject(KiteError.from(caught, 'frame'))
    }
    this.uses++
    return new Promise((resolve, reject) => this.#start({ parts, sent, signal, captureBytes, onWritten, resolve, reject }))
  }

  /** Closes it in good order; a request that is still under way ends as cancelled. */
  close(): void {
    this.#spent = true
    if (this.#running !== undefined) return this.#fail(fail('cancelled', 'connection', 'error.cancelled'))
    this.#socket.end()
    this.#socket.destroySoon()
  }

  /** After a reply of 101: the socket, paused, and what came on it already. */
  takeSocket(): { readonly socket: Socket; readonly early: Buffer } {
    const early = assertExists(this.#early, 'a socket is taken over after a reply of 101')
    // Only what was added here: the socket has listeners of its own.
    for (const [event, listener] of this.#listeners) this.#socket.off(event, listener)
    this.#socket.on('error', () => undefined)
    return { socket: this.#socket, early: Buffer.concat(early) }
  }

  #start({ parts, sent, signal, captureBytes, onWritten, resolve, reject }: Start): void {
    const marks = { writeStart: performance.now(), writeFinish: 0, readStart: 0, readFinish: 0 }
    const queue = new BodyQueue((isHeld) => (isHeld ? this.#socket.pause() : this.#socket.resume()))
    const owner = { head: (head: ReplyHead) => this.#gotHead(running, head), data: (bytes: Buffer) => this.#gotBody(running, bytes), end: (trailers: readonly Pair[]) => this.#gotEnd(running, trailers) }
    const { sendBody, begin } = this.#sending(parts, sent.bytes, () => {
      marks.writeFinish = performance.now()
      onWritten?.(sent)
    })
    const running: Running = {
      reader: new ReplyReader(owner, parts.method === 'HEAD'), queue, tape: new Tape(captureBytes), sent: capped(sent, captureBytes), marks, resolve, reject, sendBody,
      bodyBytes: 0, trailers: [], head: undefined,
      forgetAbort: whenAborted(signal, () => this.#fail(abortError(signal))),
    }
    this.#running = running
    begin()
  }

  /** Head and body leave together, unless the body waits for `100 Continue`. */
  #sending(parts: HttpRequestParts, bytes: Buffer, written: () => void): { readonly begin: () => void; readonly sendBody: () => void } {
    const bodyLength = parts.body?.length ?? 0
    const waits = bodyLength > 0 && /^100-continue$/i.test(headerOf(parts.headers, 'expect') ?? '')
    const write = (piece: Buffer, done: () => void): void => void this.#socket.write(piece, (error) => {
      if (error === undefined || error === null) done()
    })
    if (!waits) return { begin: () => write(bytes, written), sendBody: () => undefined }
    const headEnd = bytes.length - bodyLength
    let timer: NodeJS.Timeout | undefined
    const sendBody = (): void => {
      if (timer === undefined) return
      clearTimeout(timer)
      timer = undefined
      if (!this.#socket.destroyed) write(bytes.subarray(headEnd), written)
    }
    return {
      sendBody,
      begin: () => {
        timer = setTimeout(sendBody, continueWithinMs)
        write(bytes.subarray(0, headEnd), () => undefined)
      },
    }
  }

  #read(chunk: Buffer): void {
    if (this.#early !== undefined) return void this.#early.push(chunk)
    const running = this.#running
    // Bytes that nobody asked for: such as a 408 before the server closes an idle connection.
    if (running === undefined) return this.#fail(closedBeforeReply(this.address))
    if (running.marks.readStart === 0) running.marks.readStart = performance.now()
    running.tape.add(chunk)
    try {
      const taken = running.reader.push(chunk)
      if (taken < chunk.length) this.#gotMore(running, chunk.subarray(taken))
    } catch (caught) {
      this.#fail(KiteError.from(caught, 'frame'))
    }
  }

  /** Bytes after the reply. */
  #gotMore({ head }: Running, bytes: Buffer): void {
    this.#spent = true
    if (head?.status === 101) this.#early?.push(bytes)
  }

  #gotHead(running: Running, head: ReplyHead): void {
    if (head.status === 100) return running.sendBody()
    if (head.status < 200 && head.status !== 101) return
    running.head = head
    if (!keepsAlive(head)) this.#spent = true
    if (head.status === 101) this.#switch()
    running.resolve(this.#replyOf(running, head))
  }

  /** What follows is another protocol's. */
  #switch(): void {
    this.#early = []
    this.#socket.pause()
  }

  #gotBody(running: Running, bytes: Buffer): void {
    running.bodyBytes += bytes.length
    running.queue.push(bytes)
  }

  #gotEnd(running: Running, trailers: readonly Pair[]): void {
    // An answer before the body was asked for: the body is never sent, and the server may still expect it.
    if (running.marks.writeFinish === 0) this.#spent = true
    running.marks.readFinish = performance.now()
    running.trailers = trailers
    running.forgetAbort()
    this.#running = undefined
    running.queue.end()
  }

  #ended(): void {
    const running = this.#running
    if (running === undefined) return this.#fail(closedBeforeReply(this.address))
    if (running.reader.received === 0) return this.#fail(closedBeforeReply(this.address))
    this.#spent = true
    try {
      running.reader.close()
    } catch (caught) {
      this.#fail(KiteError.from(caught, 'frame'))
    }
  }

  #fail(error: KiteError): void {
    const running = this.#running
    this.#running = undefined
    const wasIdle = running === undefined && !this.#spent
    this.#spent = true
    this.#failure ??= error
    this.#socket.destroy()
    if (wasIdle) this.onIdleEnd?.()
    running?.forgetAbort()
    running?.reject(error)
    running?.queue.fail(error)
  }

  #replyOf(running: Running, head: ReplyHead): HttpReply {
    const next = (): Promise<Buffer | undefined> => running.queue.next()
    return {
      ...head,
      next,
      // The length that a reply to HEAD announces is of no body.
      read: (maxBytes) => readBody({
        next, maxBytes, declared: running.reader.isDone ? 0 : Number(headerOf(head.headers, 'content-length') ?? 0),
        refuse: (error) => (this.#running === running ? this.#fail(error) : undefined),
      }),
      trailers: () => running.trailers,
      bodyBytes: () => running.bodyBytes,
      captured: () => ({ sent: running.sent, received: receivedOf(running) }),
      lengths: () => ({ sent: running.sent.bytes.length, received: running.tape.length }),
      marks: () => running.marks,
    }
  }
}

interface Start {
  readonly parts: HttpRequestParts
  readonly sent: Captured
  readonly signal: AbortSignal
  readonly captureBytes: number
  readonly onWritten: HttpRequestOptions['onWritten']
  readonly resolve: (reply: HttpReply) => void
  readonly reject: (error: KiteError) => void
}

/** RFC 9112 9.3: HTTP/1.1 stays unless told otherwise, HTTP/1.0 closes unless told otherwise; a switched protocol is HTTP no more. */
function keepsAlive({ version, status, headers }: ReplyHead): boolean {
  const said = (headerOf(headers, 'connection') ?? '').toLowerCase()
  if (status === 101 || said.includes('close')) return false
  return version !== '1.0' || said.includes('keep-alive')
}

function receivedOf({ reader, tape }: Running): Captured {
  // What came after the reply is no part of it.
  const bytes = tape.bytes().subarray(0, reader.received)
  const body = reader.body.filter(({ end }) => end <= bytes.length)
  // A body in one piece is left to whoever knows what it is.
  const parts = body.length === 1 ? [] : reader.body.map((range): ByteNode => ({ ...range, name: 'body', kind: 'message' }))
  const children = [...reader.nodes, ...parts].filter(({ start }) => start < bytes.length).sort((one, other) => one.start - other.start)
  const nodes: ByteNode[] = bytes.length === 0 ? [] : [{ start: 0, end: bytes.length, name: 'HTTP reply', kind: 'frame', children }]
  return { bytes, nodes, messages: body.length === 1 ? body : [] }
}

/** Only the first bytes are kept where a stream may grow long. */
function capped(sent: Captured, limit: number): Captured {
  if (sent.bytes.length <= limit) return sent
  return { bytes: sent.bytes.subarray(0, limit), nodes: sent.nodes, messages: [] }
}
