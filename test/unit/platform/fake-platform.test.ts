// The fake stands in for the platform in store tests; here it carries two real stores, which also pins how they use a stream.

import { describe, expect, it } from 'vitest'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { ReceiverStatus } from '../../../shared/model/trace.ts'
import { createRunsStore } from '../../../src-renderer/store/runs.ts'
import { createWatchedStore } from '../../../src-renderer/store/watched.ts'
import { createFakePlatform } from '../../support/fake-platform.ts'

const off: ReceiverStatus = { grpc: { state: 'off' }, http: { state: 'off' }, spans: 0, traces: 0, rejected: 0, evicted: 0 }
const lost = { code: 'remote_or_network', layer: 'ipc', text: { key: 'workspace.pageDisconnected' } } as const

describe('a store over the fake platform', () => {
  it('follows a stream: the newest item, then why it failed, then anew', () => {
    const platform = createFakePlatform()
    const watched = createWatchedStore(platform, 'receiver.watch', undefined)
    platform.stream('receiver.watch').give(off, { ...off, spans: 7 })
    expect(watched.store.getState()).toEqual({ value: { ...off, spans: 7 }, error: undefined })
    platform.stream('receiver.watch').fail(lost)
    expect(watched.store.getState()).toEqual({ value: { ...off, spans: 7 }, error: lost })
    watched.restart()
    platform.stream('receiver.watch').give(off)
    expect(watched.store.getState()).toEqual({ value: off, error: undefined })
  })

  it('closes the stream of a call that is cancelled, and hears nothing more of it', () => {
    const platform = createFakePlatform()
    const runs = createRunsStore(platform, { now: () => 5, nextFrame: (callback) => callback() })
    const records: CallRecord[] = []
    runs.start('tab', {} as never, (record) => records.push(record))
    const stream = platform.stream('call.run')
    runs.cancel('tab')
    stream.give({ kind: 'ended', record: { id: 'late' } as never })
    expect([stream.isClosed, records, runs.store.getState().byTab['tab']]).toMatchObject([true, [], { phase: 'done', error: { code: 'cancelled' } }])
  })
})

describe('the fake platform', () => {
  it('answers as told, keeps what was asked, and fails a test that gave no answer', async () => {
    const platform = createFakePlatform({ 'mock.list': () => [], 'mock.stop': () => { throw lost } })
    expect([await platform.request('mock.list', undefined), await platform.request('mock.stop', { id: 'm' })]).toEqual([{ ok: true, value: [] }, { ok: false, error: lost }])
    expect(platform.requests).toEqual([{ channel: 'mock.list', input: undefined }, { channel: 'mock.stop', input: { id: 'm' } }])
    await expect(platform.request('app.info', undefined)).rejects.toThrow('no answer for app.info')
    expect(() => platform.stream('idl.watch')).toThrow('nobody opened idl.watch')
    const states: string[] = []
    platform.onDidChangeConnection((state) => states.push(state))
    platform.setConnection('lost')
    expect([states, platform.connection]).toEqual([['lost'], 'lost'])
  })
})
