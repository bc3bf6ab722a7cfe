// Our mock as a real Kitex client meets it: nobody of this project wrote the caller.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, systemPorts, type Engine, type Mocks } from '../../src-main/engine/index.ts'
import { buildKitexPeer, buildPatienceMs, kitexIdl, kitexMissing, type KitexOrder, type KitexOutcome, runKitexBench, runKitexClient, runKitexClientLines } from '../support/peers/kitex.ts'

const missing = kitexMissing()
const transports = ['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const

const stubs = `
stubs:
  - { method: Peer/Say, match: { msg: throw }, fault: { typeId: 6, message: "biz error: boom" } }
  - { method: Peer/Say, match: { msg: slow }, delayMs: 400, reply: late }
  - { method: Peer/Say, reply: 你好 }
  - { method: Second/Say, reply: second }
  - { method: Throw, match: { code: 7 }, exception: { type: Oops, value: { code: 7, why: mocked } } }
  - { method: Throw, match: { code: -1 }, exception: { type: Denied, value: { who: me, address: { city: 杭州 } } } }
  - { method: Biz, biz: { status: 42, message: 不行, extra: { k: "<v>&" } } }
  - { method: Add, reply: 9223372036854775807 }
  - { method: Meta, reply: { transient: {}, persistent: {}, caller: mock, callerMethod: "", service: "", transport: "", deadlineMs: 0 }, backward: { back: b1 } }
  - method: Echo
    reply: { flag: true, tiny: -128, large: 9007199254740993, ratio: 0.1, text: hi, blob: AAH/gA==, color: BLUE, address: { city: A, zip: 1 }, numbers: [1, 2], names: [x], counts: { a: 1 },
      nested: { "7": [ { pi: 3.141592653589793 } ] }, choice: { number: 9223372036854775807 }, tree: { name: root, children: [ { name: leaf, children: [] } ] }, addresses: [], byColor: { RED: [1] },
      limit: 3, bits: [true, false], blobs: [ [ "//8=" ] ], negative: id -1 }
`

describe.skipIf(missing !== undefined)(`a real Kitex client calling our mock${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-mock-'))
  let engine: Engine
  let mocks: Mocks
  let address = ''

  beforeAll(async () => {
    await buildKitexPeer()
    writeFileSync(join(folder, 'stubs.yaml'), stubs)
    engine = createEngine(systemPorts({ baseDir: folder }))
    mocks = await engine.mocks()
    address = (await mocks.start({ idl: { paths: [kitexIdl] }, stubFile: 'stubs.yaml' }, AbortSignal.timeout(20_000))).address
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    rmSync(folder, { recursive: true })
  })

  const told = ({ result, error }: KitexOutcome): unknown => (error === null ? result : { ...error })

  describe.each(transports)('over %s', (transport) => {
    const ask = (orders: readonly Omit<KitexOrder, 'transport'>[]): Promise<readonly KitexOutcome[]> => runKitexClient(address, orders.map((order) => ({ transport, ...order })))

    it('gets replies, exceptions and faults as a Kitex server would give them, call after call', async () => {
      const outcomes = await ask([
        { method: 'Say', args: { msg: 'hi' } },
        { method: 'Throw', args: { code: 7 } },
        { method: 'Throw', args: { code: -1 } },
        { method: 'Say', args: { msg: 'throw' } },
        { method: 'Nothing', args: { note: 'n' } },
        { method: 'Fire', args: { note: 'n' } },
        { method: 'Ping' },
        { method: 'Say', args: { msg: 'slow' }, timeoutMs: 100 },
        { method: 'Say', args: { msg: 'again' } },
      ])
      expect(outcomes.map(told)).toEqual([
        { success: '你好' },
        { oops: { code: 7, why: 'mocked' } },
        { denied: { who: 'me', address: { city: '杭州' } } },
        { kind: 'exception', code: 6, message: 'biz error: boom' },
        {},
        null,
        { success: expect.any(String) as unknown },
        expect.objectContaining({ kind: 'timeout' }) as unknown,
        { success: '你好' },
      ])
    })

    it('gets every type, to the digit', async () => {
      const [line = ''] = await runKitexClientLines(address, [`{"transport":"${transport}","method":"Echo","args":{"req":{"address":{"city":"A"}}}}`])
      expect(line).toContain('"flag":true,"tiny":-128,"small":0,"medium":0,"large":9007199254740993,"ratio":0.1,"text":"hi","blob":"AAH/gA==","color":10,"address":{"city":"A","zip":1},"numbers":[1,2],"names":["x"],"counts":{"a":1},')
      expect(line).toContain('"nested":{"7":[{"pi":3.141592653589793}]},"choice":{"number":9223372036854775807},"tree":{"name":"root","children":[{"name":"leaf","children":[]}]},"addresses":[],"byColor":{"1":[1]},')
      expect(line).toContain('"limit":3,"bits":[true,false],"blobs":[["//8="]],"negative":"id -1"')
      const [sum = ''] = await runKitexClientLines(address, [`{"transport":"${transport}","method":"Add","args":{"a":1,"b":2,"more":[]}}`])
      expect(sum).toContain('"success":9223372036854775807')
    })
  })

  it('gets business errors, backward values and the right one of two services by TTHeader', async () => {
    const [biz, meta, second, lost] = await runKitexClient(address, [
      { transport: 'ttheader-framed', method: 'Biz', args: { status: 1, message: 'x', extra: {} } },
      { transport: 'ttheader', method: 'Meta', args: { backward: {} }, transient: { t: '1' }, persistent: { p: '2' } },
      { transport: 'ttheader', service: 'Second', method: 'Say', args: { msg: 'abc' } },
      { transport: 'framed', method: 'Biz', args: { status: 1, message: 'x', extra: {} } },
    ])
    expect({ biz: biz?.error, backward: meta?.backward, second: second?.result, lost: lost?.error }).toEqual({
      biz: { kind: 'biz', code: 42, message: '不行', extra: { k: '<v>&' } }, backward: { back: 'b1' }, second: { success: 'second' }, lost: null,
    })
  })

  it.each([['a pool', 0], ['one multiplexed connection', 1]] as const)('is served call after call over %s, by 20 callers at once, without a failure', async (_name, mux) => {
    const { calls, failed } = await runKitexBench(address, { connections: 20, mux, seconds: 1, bytes: 100 })
    expect({ failed, many: calls > 100 }).toEqual({ failed: 0, many: true })
  })

  it('leaves hits that say what came', async () => {
    await runKitexClient(address, [{ transport: 'ttheader-framed', method: 'Say', args: { msg: 'remembered' } }])
    expect(mocks.hits.at(-1)).toMatchObject({ method: 'Peer/Say', transport: 'ttheader-framed', outcome: 'reply', by: { kind: 'stub', index: 2 } })
    expect(mocks.hits.at(-1)?.request).toContain('remembered')
  })
})
