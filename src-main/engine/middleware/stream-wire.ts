// The end of the chain for streams: opens one on the leased connection, sends what is to be sent while it reads what comes, and says how it ended.
// Sending and reading are held back separately: by the peer's flow control the one, by whoever reads the other.

import type { ErrorData } from '../../../shared/base/error.ts'
import { fail, KiteError } from '../../../shared/base/error.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import type { CodecName, MethodCodec } from '../codec/codec.ts'
import { routeOf } from '../kernel/call-route.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { failedReply, okReply, thrownReply, type Note, type Reply, type WireFrames } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { placedInBody } from '../stream/messages-of.ts'
import { pace } from '../stream/pace.ts'
import type { NewEntry, StreamRun } from '../stream/stream-run.ts'
import { noHeader, type HeaderInfo, type MessageStream, type StreamPart } from '../transport/transport.ts'

export interface StreamWireOptions {
  readonly codec: CodecName
  readonly clock: Clock
}

/** A wait for flow control shorter than this is no stall worth telling. */
const stallMs = 5

export const streamWire = (options: StreamWireOptions, run: StreamRun): Middleware => ({
  kind: 'wire',
  name: 'wire',
  async call(ctx) {
    const { lease, config, header = noHeader } = ctx
    if (lease === undefined) return failedReply(fail('get_connection', 'connection', 'chain.nothingConnected').data)
    let stream: MessageStream
    try {
      stream = await lease.open({ transport: config.transport, route: routeOf(ctx, options.codec, options.clock), header, maxMessageBytes: config.maxMessageBytes, capture: config.capture, caller: ctx.from.service }, ctx.signal)
    } catch (caught) {
      return thrownReply(caught, 'connection')
    }
    return new Pump(ctx, stream, run, options).all()
  },
})

/** Both directions of one stream. */
class Pump {
  readonly #ctx: RpcInfo
  readonly #stream: MessageStream
  readonly #run: StreamRun
  readonly #options: StreamWireOptions
  readonly #codec: MethodCodec
  #header: HeaderInfo = noHeader
  #trailer: readonly Pair[] = []
  #sent = 0
  #received = 0
  #last: string | undefined
  #fault: ErrorData | undefined
  #over = false

  constructor(ctx: RpcInfo, stream: MessageStream, run: StreamRun, options: StreamWireOptions) {
    this.#ctx = ctx
    this.#stream = stream
    this.#run = run
    this.#options = options
    this.#codec = ctx.invocation.codec
  }

  async all(): Promise<Reply> {
    const { clock } = this.#options
    const startedAt = clock.now()
    const messages = this.#run.messages()
    // It ends with the stream, or ends the stream: nobody waits for it.
    void this.#send(messages)
    await this.#read()
    this.#over = true
    // An input that fails while it is closed has nothing left to spoil.
    void messages.return?.().catch(() => undefined)
    await this.#run.add([{ event: 'end', ...(this.#fault === undefined ? {} : { error: this.#fault }) }])
    return this.#reply(clock.now() - startedAt)
  }

  async #send(messages: AsyncIterator<{ readonly json: string; readonly line: number; readonly column: number }>): Promise<void> {
    const { wait } = pace(this.#run.rate, this.#ctx.signal, this.#options.clock)
    try {
      for (let next = await messages.next(); next.done !== true && !this.#over; next = await messages.next()) {
        await wait()
        await this.#sendOne(next.value)
      }
      if (this.#over) return
      await this.#stream.closeSend()
      void this.#run.add([{ event: 'half-close' }])
    } catch (caught) {
      this.#endBy(caught)
    }
  }

  async #sendOne(piece: { readonly json: string; readonly line: number; readonly column: number }): Promise<void> {
    const warnings: ErrorData[] = []
    let message: Buffer
    try {
      message = this.#codec.encodeRequest(piece.json, 0, (warning) => warnings.push(warning))
    } catch (caught) {
      const placed = placedInBody(caught, piece)
      if (this.#run.refuses(KiteError.from(placed, 'codec').data)) return
      throw placed
    }
    const waitedMs = await this.#stream.send(message)
    const entry: NewEntry = { event: 'send', index: this.#sent++, bytes: message.length, json: piece.json, ...(warnings.length === 0 ? {} : { warnings }) }
    void this.#run.add(waitedMs < stallMs ? [entry] : [{ event: 'stall', waitedNs: Math.round(waitedMs * 1e6) }, entry])
  }

  /** A message that cannot be sent ends the stream; when the stream is over already, its end has been told. */
  #endBy(caught: unknown): void {
    if (this.#over || this.#fault !== undefined) return
    const error = KiteError.from(caught, 'codec').data
    this.#fault = error
    this.#stream.cancel('the next message cannot be sent')
  }

  async #read(): Promise<void> {
    try {
      for (let parts = await this.#receive(); parts.length > 0; parts = await this.#receive()) await this.#run.add(parts.map((part) => this.#entry(part)))
    } catch (caught) {
      this.#fault ??= KiteError.from(caught, 'connection').data
    }
  }

  async #receive(): Promise<readonly StreamPart[]> {
    const { recvTimeoutMs } = this.#run
    if (recvTimeoutMs <= 0) return this.#stream.receive()
    let timer: { dispose(): void } | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = this.#options.clock.timer(recvTimeoutMs, () => reject(fail('rpc_timeout', 'policy', 'chain.recvTimeout', { timeoutMs: recvTimeoutMs, received: this.#received })))
    })
    try {
      return await Promise.race([this.#stream.receive(), late])
    } catch (caught) {
      this.#stream.cancel('receive timeout')
      throw caught
    } finally {
      timer?.dispose()
    }
  }

  #entry(part: StreamPart): NewEntry {
    switch (part.kind) {
      case 'header':
        this.#header = part.header
        return { event: 'header', pairs: part.header.strings }
      case 'trailer':
        this.#trailer = part.header.strings
        this.#fault ??= part.fault
        return { event: 'trailer', pairs: part.header.strings }
      case 'message':
        return this.#message(part.message, part.wireBytes, part.compressed)
    }
  }

  #message(message: Buffer, bytes: number, compressed: boolean): NewEntry {
    const index = this.#received++
    try {
      const decoded = this.#codec.decodeReply(message, this.#ctx.config.format)
      if (decoded.kind !== 'reply') return { event: 'unreadable', index, bytes, error: fail('remote_or_network', 'remote', 'chain.failed').data }
      this.#last = decoded.json
      return { event: 'message', index, bytes, json: decoded.json, ...(compressed ? { compressed } : {}), ...(decoded.warnings.length === 0 ? {} : { warnings: decoded.warnings }) }
    } catch (caught) {
      const error = KiteError.from(caught, 'codec').data
      // One reply that cannot be read is the whole answer; among many it is one that cannot be read.
      if (this.#run.kind === 'client') this.#fault ??= { ...error, code: 'remote_or_network' }
      return { event: 'unreadable', index, bytes, error }
    }
  }

  #reply(durationNs: number): Reply {
    const { summary } = this.#run
    const { transport } = this.#ctx.config
    const more: Partial<Reply> = {
      header: this.#header, trailer: this.#trailer, stream: summary, transport, codec: this.#options.codec,
      bytes: { sent: summary.sentBytes, received: summary.receivedBytes }, frames: this.#frames(),
    }
    const fault = this.#fault
    const reply = fault === undefined ? okReply(this.#run.kind === 'client' || this.#run.kind === 'unary' ? this.#last : undefined, more) : failedReply(fault, more)
    return { ...reply, note: noteOf(reply, this.#options.codec, transport, durationNs) }
  }

  #frames(): readonly WireFrames[] {
    const captured = this.#stream.captured()
    if (captured === undefined) return []
    const { sent, received } = captured
    return [{ attempt: this.#ctx.attempt, sent: sent.bytes, sentCaptured: sent, received: received.bytes, receivedCaptured: received }]
  }
}

function noteOf(reply: Reply, codec: CodecName, transport: string, durationNs: number): Note {
  const { sent, received } = reply.bytes
  const decision = { kind: 'wire', transport, codec, sent, received, seqId: 0, writeNs: 0, waitNs: 0, readNs: durationNs } as const
  if (reply.error !== undefined) return { verdict: reply.outcome === 'exception' || reply.outcome === 'biz_error' ? 'pass' : 'failed', reason: reply.error.text, decision }
  return { verdict: 'pass', reason: { key: 'chain.wireStreamed', params: { sent: reply.stream?.sent ?? 0, received: reply.stream?.received ?? 0, transport } }, decision }
}
