// Our discovery on a real etcd: live changes, lease expiry, an outage, and rubbish between good entries.

import { Etcd3 } from 'etcd3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../shared/model/instance.ts'
import { openRegistry } from '../../src-main/engine/discovery/open-registry.ts'
import type { Registry, ServiceWatch } from '../../src-main/engine/discovery/registry.ts'
import { etcdMissing, startEtcd, type EtcdServer } from '../support/peers/etcd.ts'

const missing = etcdMissing()
const signal = new AbortController().signal
const prefix = 'kitex/registry-etcd'
const value = (address: string, weight = 10): string => JSON.stringify({ network: 'tcp', address, weight, tags: null })
const addresses = (watch: ServiceWatch): string[] => watch.snapshot.instances.map(({ address }) => address).sort()
const until = (watch: ServiceWatch, holds: (change: Change) => boolean): Promise<Change> =>
  new Promise((resolve) => {
    watch.onDidChange((change) => {
      if (holds(change)) resolve(change)
    })
  })

describe.skipIf(missing !== undefined)(`discovery on a real etcd${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let etcd: EtcdServer
  let writer: Etcd3
  let registry: Registry

  beforeAll(async () => {
    etcd = await startEtcd()
    writer = new Etcd3({ hosts: `http://${etcd.address}` })
  }, 30_000)

  afterAll(async () => {
    writer.close()
    await etcd.dispose()
  })

  beforeEach(async () => {
    registry = await openRegistry(`etcd://${etcd.address}`, '.')
  })

  afterEach(() => registry.dispose())

  it('lists what stands there and follows what is added, changed and removed', async () => {
    await writer.put(`${prefix}/live.demo/h:1`).value(value('h:1')).exec()
    const watch = await registry.watch('live.demo', signal)
    expect(await registry.services(signal)).toContain('live.demo')
    expect(addresses(watch)).toEqual(['h:1'])
    const added = until(watch, (change) => change.added.length > 0)
    await writer.put(`${prefix}/live.demo/h:2`).value(value('h:2', 33)).exec()
    expect((await added).added).toEqual([{ address: 'h:2', weight: 33, tags: {} }])
    const updated = until(watch, (change) => change.updated.length > 0)
    await writer.put(`${prefix}/live.demo/h:2`).value(value('h:2', 5)).exec()
    expect((await updated).updated[0]?.weight).toBe(5)
    const removed = until(watch, (change) => change.removed.length > 0)
    await writer.delete().key(`${prefix}/live.demo/h:1`).exec()
    expect((await removed).snapshot.instances.map(({ address }) => address)).toEqual(['h:2'])
  })

  it('sees a lease expire without being asked', async () => {
    const lease = writer.lease(1, { autoKeepAlive: false })
    await lease.put(`${prefix}/lease.demo/h:1`).value(value('h:1')).exec()
    const watch = await registry.watch('lease.demo', signal)
    expect(addresses(watch)).toEqual(['h:1'])
    const gone = await until(watch, (change) => change.removed.length > 0)
    expect(gone.snapshot.instances).toEqual([])
  }, 15_000)

  it('skips rubbish and names its key', async () => {
    await writer.put(`${prefix}/rubbish.demo/h:1`).value('{"address":').exec()
    await writer.put(`${prefix}/rubbish.demo/h:2`).value(value('h:2')).exec()
    const { snapshot } = await registry.watch('rubbish.demo', signal)
    expect([snapshot.instances.length, snapshot.problems.map(({ text }) => text.params?.['where'])]).toEqual([1, [`${prefix}/rubbish.demo/h:1`]])
  })

  it('registers the very key and value that Kitex writes, and takes them back', async () => {
    const held = await registry.register({ service: 'mock.demo', address: '127.0.0.1:7', weight: 4, tags: { v: '2' } }, signal)
    const key = `${prefix}/mock.demo/127.0.0.1:7`
    expect(JSON.parse((await writer.get(key).string()) ?? 'null')).toEqual({ network: 'tcp', address: '127.0.0.1:7', weight: 4, tags: { v: '2' } })
    const { kvs } = await writer.getAll().prefix(key).exec()
    expect(kvs[0]?.lease).not.toBe('0')
    await held.deregister()
    expect(await writer.get(key).string()).toBeNull()
  })

  it('keeps the list as stale while etcd is down and catches up once it is back', async () => {
    await writer.put(`${prefix}/outage.demo/h:1`).value(value('h:1')).exec()
    const watch = await registry.watch('outage.demo', signal)
    const stale = until(watch, (change) => change.snapshot.state === 'stale')
    await etcd.stop()
    expect((await stale).snapshot).toMatchObject({ instances: [{ address: 'h:1' }], error: { code: 'service_discovery' } })
    const back = until(watch, (change) => change.snapshot.state === 'live')
    await etcd.start()
    expect((await back).snapshot.instances).toHaveLength(1)
    const added = until(watch, (change) => change.added.length > 0)
    const again = new Etcd3({ hosts: `http://${etcd.address}` })
    await again.put(`${prefix}/outage.demo/h:9`).value(value('h:9')).exec()
    again.close()
    expect((await added).snapshot.instances).toHaveLength(2)
  }, 30_000)
})

describe('discovery without an etcd', () => {
  it('says that the registry does not answer, and where', async () => {
    const registry = await openRegistry('etcd://127.0.0.1:1', '.')
    await expect(registry.services(signal)).rejects.toMatchObject({
      data: { code: 'service_discovery', layer: 'discovery', text: { key: 'discovery.unreachable', params: { origin: 'etcd://127.0.0.1:1' } } },
    })
    registry.dispose()
  }, 10_000)
})
