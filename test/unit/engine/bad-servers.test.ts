// Servers that break off, stall, lie or speak something else, in every protocol: each call ends with the outcome that fits, in words of both
// languages, and one that was to go over TLS never goes on in plaintext.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../../shared/base/error.ts'
import type { CallRecord, CallRequestInput } from '../../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../../src-main/engine/index.ts'
import { grpcCases, httpCases, socketCases, type BadCase } from '../../support/bad/cases.ts'
import { badProtocols, type Ask } from '../../support/bad/protocols.ts'
import { RawServers, type RawOptions, type Reply } from '../../support/bad/raw-server.ts'
import { wordingFault } from '../../support/fuzz/decoder.ts'

const servers = new RawServers()
let engine: Engine
beforeAll(() => {
  engine = createEngine(systemPorts())
})
afterAll(async () => {
  await engine.dispose()
  await servers.stop()
})

/** No call but those that are to time out comes near it. */
const patience = 20_000
const impatience = 300

const call = (address: string, ask: Ask, more: Partial<CallRequestInput> = {}): Promise<CallRecord> => (
  engine.call({ target: { kind: 'direct', endpoints: [address] }, timeoutMs: patience, connectTimeoutMs: 5000, ...ask, ...more }))

/** Outcome, code, layer and key; what is wrong with the words instead, where something is. */
function endOf({ outcome, error }: CallRecord): string {
  if (error === undefined) return outcome
  return wordingFault(new KiteError(error)) ?? `${outcome} ${error.code} ${error.layer} ${error.text.key}`
}

async function ends(reply: Reply, ask: Ask, options: RawOptions = {}, more: Partial<CallRequestInput> = {}): Promise<string> {
  return endOf(await call((await servers.start(reply, options)).address, ask, more))
}

describe.each(Object.entries(badProtocols))('a server of %s', (_, { ask, good }) => {
  /** Bytes of the whole reply. */
  let size = 0
  const counted: Reply = (received, turn) => {
    const said = good(received, turn)
    size += said?.length ?? 0
    return said
  }

  it('that answers well is understood', async () => {
    expect(await ends(counted, ask)).toBe('ok')
  })

  it('that closes at any point of its reply fails the call at once', async () => {
    const places = [0, 1, 5, 9, size >> 2, size >> 1, (size * 3) >> 2, size - 1]
    const cut = await Promise.all(places.map((upTo) => ends(good, ask, { upTo, then: 'end' })))
    for (const end of cut) expect(end).toMatch(/^failed remote_or_network (frame|connection) [\w.]*(closed|cutShort|CutShort|Unspoken|BeforeReply|notHttp2|connectionClosed)[\w.]*$/)
  })

  it('that resets in mid-reply, talks nonsense or is a proxy with a page fails it as well', async () => {
    const proxy = 'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>'
    const [reset, nonsense, refused] = await Promise.all([
      ends(good, ask, { upTo: size >> 1, then: 'reset' }), ends(() => Buffer.alloc(64, 0xa7), ask, { then: 'end' }), ends(() => Buffer.from(proxy), ask, { then: 'end' }),
    ])
    expect(reset).toMatch(/^failed remote_or_network connection (transport\.resetInReply|ttstream\.connectionClosed)$/)
    expect(nonsense).toMatch(/^failed remote_or_network frame (transport\.invalidPayload|http2\.notHttp2|http\.notHttp)$/)
    expect(refused).toMatch(/^failed remote_or_network (frame (transport|http2)\.foreignAnswer|remote (http\.status|grpc\.httpStatus|connect\.httpStatus|ws\.refusedWith))$/)
  })

  it('that says nothing, one byte now and then, or half a reply runs into the deadline', async () => {
    const timeout = { timeoutMs: impatience }
    const slow = await Promise.all([ends(() => undefined, ask, {}, timeout), ends(good, ask, { everyMs: 100 }, timeout), ends(good, ask, { upTo: size >> 1 }, timeout)])
    expect(new Set(slow)).toEqual(new Set(['timeout rpc_timeout policy chain.rpcTimeout']))
  })
})

describe.each([['gRPC', grpcCases], ['HTTP and what rides on it', httpCases], ['WebSocket, Thrift and TTHeader', socketCases]] as const)('%s', (_, cases) => {
  it.each(Object.entries<BadCase>(cases))('%s', async (_case, { ask, reply, options, more, ends: expected }) => {
    expect(await ends(reply, ask, options, more)).toBe(expected)
  })
})
