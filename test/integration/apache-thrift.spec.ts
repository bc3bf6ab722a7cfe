// Thrift Binary and Compact with peers that nobody here wrote: Apache's servers for Node, Python and Go answer our calls, Apache's clients call
// our mock. Compact, which no Kitex speaks, has no other proof.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord } from '../../shared/model/call.ts'
import { createCodec } from '../../src-main/engine/codec/codecs.ts'
import { findMethod } from '../../src-main/engine/idl/find-method.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { apacheGoMissing, runApacheGoClient, startApacheGoServer } from '../support/peers/apache-go.ts'
import { apachePythonMissing, runApachePythonClient, startApachePythonServer } from '../support/peers/apache-python.ts'
import { apacheIdl, apacheMissing, runApacheClient, startApacheServer, type ApacheProtocol, type ApacheTransport } from '../support/peers/apache.ts'

const ways = (['framed', 'buffered'] as const).flatMap((transport) => (['binary', 'compact'] as const).map((protocol) => ({ transport, protocol })))
const everything = '{"flag":true,"tiny":-128,"small":32767,"medium":-2147483648,"large":9007199254740993,"ratio":0.1,"text":"风筝 \\"q\\"","blob":"AAH/gA==","names":["b","a"],'
  + '"numbers":[1,3],"counts":{"min":-9223372036854775808},"color":"BLUE","inner":{"name":"n","id":-5},"inners":[{"name":"x"},{"name":"y","id":9223372036854775807}],"nested":{"7":[true,false],"-1":[]}}'
const oneKey = everything.replace(',"-1":[]', '')

interface Peer {
  readonly name: string
  readonly missing: string | undefined
  start(): Promise<{ readonly addressOf: (transport: ApacheTransport, protocol: ApacheProtocol) => string; stop(): Promise<void> }>
  call(address: string, transport: ApacheTransport, protocol: ApacheProtocol): Promise<Readonly<Record<string, unknown>>>
  readonly sent: string
  /** What comes back of `sent`. */
  echoed(protocol: ApacheProtocol): string
  /** Its type id of a method that it does not know. */
  readonly unknownMethod: number
}

const peers: readonly Peer[] = [
  {
    name: 'Node', missing: apacheMissing(), start: startApacheServer, call: runApacheClient, sent: everything,
    // In Compact the Node package reads each bool in a list as false: it asks a number for its member `value`.
    echoed: (protocol) => (protocol === 'binary' ? everything : everything.replace('[true,false]', '[false,false]')),
    // The Node package forgets to write the type (it writes a member that is never set), so the message alone tells.
    unknownMethod: 0,
  },
  { name: 'Python', missing: apachePythonMissing(), start: startApachePythonServer, call: runApachePythonClient, sent: everything, echoed: () => everything, unknownMethod: 1 },
  // Go writes a map in any order.
  { name: 'Go', missing: apacheGoMissing(), start: startApacheGoServer, call: runApacheGoClient, sent: oneKey, echoed: () => oneKey, unknownMethod: 1 },
]

describe.each(peers)('Apache Thrift for $name', ({ missing, start, call: runClient, sent, echoed, unknownMethod }) => {
  describe.skipIf(missing !== undefined)(missing === undefined ? 'is there' : `is skipped: ${missing}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'kite-apache-'))
    let engine: Engine
    let apache: Awaited<ReturnType<Peer['start']>>

    beforeAll(async () => {
      engine = createEngine(systemPorts({ baseDir: folder }))
      apache = await start()
    }, 180_000)
    afterAll(async () => {
      await engine.dispose()
      await apache.stop()
      rmSync(folder, { recursive: true })
    })

    describe.each(ways)('over $transport in $protocol', ({ transport, protocol }) => {
      const codec = `thrift-${protocol}` as const
      const call = (method: string, body: string, crossCheck = false): Promise<CallRecord> =>
        engine.call({ idl: { paths: [apacheIdl] }, method, body, target: { kind: 'direct', endpoints: [apache.addressOf(transport, protocol)] }, transport, codec, timeoutMs: 5000, connectTimeoutMs: 2000, crossCheck })

      it('gives every type back to the digit, and a reader of its own agrees with ours on the bytes', async () => {
        const record = await call('Apache/Echo', sent, true)
        expect([record.outcome, record.response, record.transport, record.codec, record.crossCheck]).toEqual(['ok', echoed(protocol), transport, codec, { agreed: true, differences: [] }])
      })

      it('adds beyond 2^53, answers void, and keeps what a oneway call said', async () => {
        expect((await call('Apache/Add', '{"a":9007199254740993,"b":1}')).response).toBe('9007199254740994')
        expect((await call('Apache/Nothing', '')).response).toBe('null')
        const said = `${transport} ${protocol}`
        expect(await call('Apache/Fire', `"${said}"`)).toMatchObject({ outcome: 'ok' })
        await expect.poll(async () => (await call('Apache/Fired', '')).response).toContain(said)
      })

      it('throws what it declares, what it does not declare, and of methods that it does not know', async () => {
        expect(await call('Apache/Throw', '7')).toMatchObject({ outcome: 'exception', error: { exception: { type: 'Oops', json: '{"code":7,"why":"asked for"}' } } })
        expect(await call('Apache/Fail', '')).toMatchObject({ outcome: 'failed', error: { layer: 'remote', text: { params: { message: expect.stringMatching(/plain failure$/) as string } } } })
        expect(await call('Newer/OnlyInNewer', '')).toMatchObject({ outcome: 'failed', error: { layer: 'remote', exception: { typeId: unknownMethod }, text: { params: { message: 'Unknown function OnlyInNewer' } } } })
      })

      it('is a client that our mock can answer', async () => {
        writeFileSync(join(folder, 'stubs.yaml'), 'stubs:\n  - { method: Apache/Add, reply: 9223372036854775807 }\n  - { method: Apache/Throw, exception: { type: Oops, value: { code: 7, why: mocked } } }\n  - { method: Apache/Fail, fault: { typeId: 6, message: boom } }\n')
        const mocks = await engine.mocks()
        const mock = await mocks.start({ idl: { paths: [apacheIdl] }, service: 'Apache', stubFile: 'stubs.yaml' }, AbortSignal.timeout(20_000))
        expect(await runClient(mock.address, transport, protocol)).toEqual({
          add: { ok: '9223372036854775807' },
          nothing: { ok: null },
          thrown: { error: 'Oops', code: 7, why: 'mocked' },
          failed: { error: 'TApplicationException', type: 6, message: 'boom' },
        })
        await mocks.stop(mock.id)
      })
    })
  })
})

describe.skipIf(apacheMissing() !== undefined)(`Apache Thrift over HTTP${apacheMissing() === undefined ? '' : ` (skipped: ${apacheMissing()})`}`, () => {
  let apache: Awaited<ReturnType<typeof startApacheServer>>

  beforeAll(async () => {
    apache = await startApacheServer()
  }, 60_000)
  afterAll(() => apache.stop())

  it.each(['binary', 'compact'] as const)('takes and gives whole messages in %s', async (protocol) => {
    const idl = await loadIdl({ paths: [apacheIdl] })
    const found = findMethod(idl, 'Apache/Add')
    if (!found.ok) throw new Error('believed: the IDL has Apache/Add')
    const codec = (await createCodec(`thrift-${protocol}`)).forMethod(idl, found.value.service, found.value.method)
    const body = new Uint8Array(codec.encodeRequest('{"a":9007199254740993,"b":1}', 7))
    const response = await fetch(`http://${apache.http.address}${apache.http.pathOf(protocol)}`, { method: 'POST', headers: { 'content-type': 'application/x-thrift' }, body, signal: AbortSignal.timeout(5000) })
    expect(codec.decodeReply(Buffer.from(await response.arrayBuffer()))).toMatchObject({ kind: 'reply', json: '9007199254740994', head: { seqId: 7 }, warnings: [] })
  })
})
