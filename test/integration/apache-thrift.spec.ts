// Thrift Binary with a second peer that nobody here wrote: Apache's server answers our calls, Apache's client calls our mock.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { apacheIdl, apacheMissing, runApacheClient, startApacheServer } from '../support/peers/apache.ts'

const missing = apacheMissing()
const transports = ['framed', 'buffered'] as const
const everything = '{"flag":true,"tiny":-128,"small":32767,"medium":-2147483648,"large":9007199254740993,"ratio":0.1,"text":"风筝 \\"q\\"","blob":"AAH/gA==","names":["b","a"],'
  + '"numbers":[3,1],"counts":{"min":-9223372036854775808},"color":"BLUE","inner":{"name":"n","id":-5},"inners":[{"name":"x"},{"name":"y","id":9223372036854775807}],"nested":{"7":[true,false],"-1":[]}}'

describe.skipIf(missing !== undefined)(`Apache Thrift${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-apache-'))
  let engine: Engine
  let apache: Awaited<ReturnType<typeof startApacheServer>>

  beforeAll(async () => {
    engine = createEngine(systemPorts({ baseDir: folder }))
    apache = await startApacheServer()
  }, 60_000)
  afterAll(async () => {
    await engine.dispose()
    await apache.stop()
    rmSync(folder, { recursive: true })
  })

  describe.each(transports)('over %s', (transport) => {
    const call = (method: string, body: string, crossCheck = false): Promise<CallRecord> =>
      engine.call({ idl: { paths: [apacheIdl] }, method, body, target: { kind: 'direct', endpoints: [apache.addressOf(transport)] }, transport, timeoutMs: 5000, connectTimeoutMs: 2000, crossCheck })

    it('gives every type back to the digit, and its own reader agrees with ours on the bytes', async () => {
      const record = await call('Apache/Echo', everything, true)
      expect([record.outcome, record.response, record.transport, record.crossCheck]).toEqual(['ok', everything, transport, { agreed: true, differences: [] }])
    })

    it('adds beyond 2^53, answers void, and keeps what a oneway call said', async () => {
      expect((await call('Apache/Add', '{"a":9007199254740993,"b":1}')).response).toBe('9007199254740994')
      expect((await call('Apache/Nothing', '')).response).toBe('null')
      expect(await call('Apache/Fire', `"${transport}"`)).toMatchObject({ outcome: 'ok' })
      await expect.poll(async () => (await call('Apache/Fired', '')).response).toContain(transport)
    })

    it('throws what it declares, what it does not declare, and of methods that it does not know', async () => {
      expect(await call('Apache/Throw', '7')).toMatchObject({ outcome: 'exception', error: { exception: { type: 'Oops', json: '{"code":7,"why":"asked for"}' } } })
      expect(await call('Apache/Fail', '')).toMatchObject({ outcome: 'failed', error: { layer: 'remote', text: { params: { message: 'plain failure' } } } })
      // Apache's Node package forgets to write the type (it writes a member that is never set), so the message alone tells.
      expect(await call('Newer/OnlyInNewer', '')).toMatchObject({ outcome: 'failed', error: { layer: 'remote', exception: { typeId: 0 }, text: { params: { message: 'Unknown function OnlyInNewer' } } } })
    })

    it('is a client that our mock can answer', async () => {
      writeFileSync(join(folder, 'stubs.yaml'), 'stubs:\n  - { method: Apache/Add, reply: 9223372036854775807 }\n  - { method: Apache/Throw, exception: { type: Oops, value: { code: 7, why: mocked } } }\n  - { method: Apache/Fail, fault: { typeId: 6, message: boom } }\n')
      const mocks = await engine.mocks()
      const mock = await mocks.start({ idl: { paths: [apacheIdl] }, service: 'Apache', stubFile: 'stubs.yaml' }, AbortSignal.timeout(20_000))
      expect(await runApacheClient(mock.address, transport)).toEqual({
        add: { ok: '9223372036854775807' },
        nothing: { ok: null },
        thrown: { error: 'Oops', code: 7, why: 'mocked' },
        failed: { error: 'TApplicationException', type: 6, message: 'boom' },
      })
      await mocks.stop(mock.id)
    })
  })
})
