import { expect, it } from 'vitest'
import type { ErrorData } from '../../../../shared/base/error.ts'
import type { ProbeReport } from '../../../../shared/model/probe.ts'
import { createProbesStore } from '../../../../src-renderer/store/probes.ts'
import { createFakePlatform } from '../../../support/fake-platform.ts'

const report = (tookMs: number): ProbeReport => ({ address: 'a:1', findings: [], tls: false, tookMs })

it('says that it asks, then keeps the answer by address', async () => {
  const platform = createFakePlatform({ 'probe.run': ({ address }) => ({ ...report(3), address }) })
  const { run, store } = createProbesStore(platform)
  const asking = run('a:1', 'Echo')
  expect(store.getState().byAddress).toEqual({ 'a:1': { phase: 'running' } })
  await asking
  await run('b:2', undefined)
  expect(store.getState().byAddress).toEqual({ 'a:1': { phase: 'done', report: report(3) }, 'b:2': { phase: 'done', report: { ...report(3), address: 'b:2' } } })
  expect(platform.requests.map(({ input }) => input)).toEqual([{ address: 'a:1', method: 'Echo' }, { address: 'b:2' }])
})

it('keeps why a port could not be asked, and forgets it when asked again', async () => {
  const refused: ErrorData = { code: 'get_connection', layer: 'connection', text: { key: 'transport.refused', params: { address: 'a:1' } } }
  let answers = 0
  const { run, store } = createProbesStore(createFakePlatform({
    'probe.run': () => {
      if (answers++ === 0) throw refused as unknown
      return report(5)
    },
  }))
  await run('a:1', undefined)
  expect(store.getState().byAddress['a:1']).toEqual({ phase: 'done', error: refused })
  await run('a:1', undefined)
  expect(store.getState().byAddress['a:1']).toEqual({ phase: 'done', report: report(5) })
})

it('asks a port once at a time', async () => {
  const platform = createFakePlatform({ 'probe.run': () => report(1) })
  const { run } = createProbesStore(platform)
  await Promise.all([run('a:1', undefined), run('a:1', undefined)])
  expect(platform.requests).toHaveLength(1)
})
