import { expect, it } from 'vitest'
import type { CallRecord } from '../../../../shared/model/call.ts'
import type { WorkspaceState } from '../../../../shared/model/workspace.ts'
import { newRequest, requestToSend, targetFor } from '../../../../src-renderer/store/requests.ts'
import { createNoticesStore } from '../../../../src-renderer/store/notices.ts'
import { createRunsStore } from '../../../../src-renderer/store/runs.ts'
import { createSessionStore } from '../../../../src-renderer/store/session.ts'
import { noWorkspace } from '../../../../src-renderer/store/workspace.ts'
import { createFakePlatform } from '../../../support/fake-platform.ts'

const workspace: WorkspaceState = { ...noWorkspace, idl: { paths: ['idl/a.thrift'], includeDirs: [] }, environments: [{ name: 'dev', registry: 'etcd://dev', production: false, variables: {} }], environment: 'dev' }
const request = newRequest('UserService/GetUser', '{}', targetFor('demo.user', workspace), workspace)
const record: CallRecord = {
  id: 'r1', traceId: 't', spanId: 's', service: 'demo.user', method: 'UserService/GetUser', transport: 'ttheader', codec: 'thrift-binary', startTimeUnixNano: '1', durationNs: 5, outcome: 'ok', response: '{}',
  warnings: [], metainfo: { backward: [] }, headers: [], trailers: [], bytes: { sent: 1, received: 1 }, byteViews: [], chain: { nodes: [] }, seed: 1, request,
}

/** A clock whose frames come when the test says so. */
function handClock() {
  const frames: (() => void)[] = []
  return { now: () => 1000, nextFrame: (callback: () => void) => void frames.push(callback), paint: () => frames.splice(0).forEach((frame) => frame()), get waiting() { return frames.length } }
}

it('commits once a frame, however many events come, and hands the record on', () => {
  const platform = createFakePlatform()
  const clock = handClock()
  const runs = createRunsStore(platform, clock)
  const kept: string[] = []
  runs.start('tab', request, ({ id }) => kept.push(id))
  const stream = platform.stream('call.run')
  stream.give({ kind: 'started', id: 'r1', traceId: 't', service: 'demo.user', method: 'UserService/GetUser', startTimeUnixNano: '1' })
  stream.give({ kind: 'ended', record })
  expect([clock.waiting, runs.store.getState().byTab['tab']]).toEqual([1, { phase: 'running', startedAtMs: 1000 }])
  clock.paint()
  expect([runs.store.getState().byTab['tab'], kept]).toEqual([{ phase: 'done', startedAtMs: 1000, record }, ['r1']])
})

it('cancels by closing the stream, and says so at once', () => {
  const platform = createFakePlatform()
  const runs = createRunsStore(platform, handClock())
  runs.start('tab', request, () => undefined)
  runs.cancel('tab')
  expect([platform.stream('call.run').isClosed, runs.store.getState().byTab['tab']?.error?.code]).toEqual([true, 'cancelled'])
})

it('shows why a call could not begin', () => {
  const platform = createFakePlatform()
  const runs = createRunsStore(platform, handClock())
  runs.start('tab', request, () => undefined)
  platform.stream('call.run').fail({ code: 'body', layer: 'codec', text: { key: 'x' } })
  expect(runs.store.getState().byTab['tab']).toEqual({ phase: 'done', startedAtMs: 1000, error: { code: 'body', layer: 'codec', text: { key: 'x' } } })
})

it('sends with the IDL and the registry of the moment, not of the day the tab was made', () => {
  const staging: WorkspaceState = { ...workspace, idl: { paths: ['idl/b.thrift'], includeDirs: [] }, environments: [{ name: 'staging', registry: 'etcd://staging', production: false, variables: {} }], environment: 'staging' }
  const sent = requestToSend(request, staging)
  expect([sent.idl.paths, sent.target]).toEqual([['idl/b.thrift'], { kind: 'service', service: 'demo.user', registry: 'etcd://staging', tags: {} }])
  expect(targetFor(undefined, workspace)).toEqual({ kind: 'direct', endpoints: ['127.0.0.1:8888'] })
})

it('keeps tabs in order, brings closed ones back, and writes all of them when told', async () => {
  const platform = createFakePlatform({ 'workspace.saveDrafts': () => undefined, 'workspace.loadDrafts': () => ({ format: 1, tabs: [] }) })
  const session = createSessionStore(platform, createNoticesStore())
  const first = session.add({ title: 'first', dirty: false, request })
  const second = session.add({ title: 'second', dirty: false, request })
  session.show(first)
  session.add({ title: 'third', dirty: false, request })
  const titles = (): readonly string[] => session.store.getState().tabs.map(({ title }) => title)
  expect(titles()).toEqual(['first', 'third', 'second'])
  session.close(second)
  session.reopen()
  session.change(second, { body: '{"typed": 1}' })
  await session.flush()
  expect(titles()).toEqual(['first', 'third', 'second'])
  expect(platform.requests.at(-1)).toMatchObject({ channel: 'workspace.saveDrafts', input: { format: 1, active: second, tabs: [{ title: 'first' }, { title: 'third' }, { title: 'second', dirty: true, request: { body: '{"typed": 1}' } }] } })
})
