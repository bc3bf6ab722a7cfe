// A small server for tests of calls: methods by name, JSON in and JSON out, over our own transport. What Kitex does on the wire is proved
// against real Kitex elsewhere; this one misbehaves on command, which a real one does not.

import { createMessageMeter, createThriftBinary } from '../../src-main/engine/codec/index.ts'
import type { ReplySource } from '../../src-main/engine/codec/codec.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { serveMessages } from '../../src-main/engine/transport/server.ts'
import type { HeaderInfo, IncomingMessage } from '../../src-main/engine/transport/transport.ts'

export interface PeerCall {
  readonly method: string
  readonly json: string
  readonly incoming: IncomingMessage
  /** Counts from 1. */
  readonly nth: number
  readonly signal: AbortSignal
}

/** A reply as JSON text, or more exactly; `hang` never answers, `close` closes at once. */
export type PeerAnswer = string | 'hang' | 'close' | { readonly reply: ReplySource; readonly header?: HeaderInfo; readonly thenClose?: boolean }

export interface ThriftPeer {
  readonly address: string
  readonly calls: readonly PeerCall[]
  close(): Promise<void>
}

/** Serves the methods of `idlPath` on a free loopback port. */
export async function startThriftPeer(idlPath: string, answer: (call: PeerCall) => PeerAnswer | Promise<PeerAnswer>): Promise<ThriftPeer> {
  const idl = await loadIdl({ paths: [idlPath] })
  const codec = createThriftBinary()
  const calls: PeerCall[] = []
  const server = await serveMessages({
    meter: createMessageMeter(),
    handler: async (incoming, _peer, signal) => {
      const head = codec.peekHead(incoming.message)
      const service = idl.services.find(({ methods }) => methods.some(({ name }) => name === head?.method))
      const method = service?.methods.find(({ name }) => name === head?.method)
      if (head === undefined || service === undefined || method === undefined) return { kind: 'close' }
      const compiled = codec.forMethod(idl, service, method)
      const call = { method: method.name, json: compiled.decodeRequest(incoming.message).json, incoming, nth: calls.length + 1, signal }
      calls.push(call)
      const said = await answer(call)
      if (said === 'close') return { kind: 'close' }
      if (said === 'hang') return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'close' }), { once: true }))
      if (method.kind === 'oneway') return { kind: 'none' }
      const full = typeof said === 'string' ? { reply: { kind: 'reply', json: said } as const } : said
      return { kind: 'message', message: compiled.encodeReply(full.reply, head.seqId), ...('header' in full ? { header: full.header } : {}), thenClose: 'thenClose' in full && full.thenClose === true }
    },
  })
  return { address: server.address, calls, close: () => server.close(50) }
}
