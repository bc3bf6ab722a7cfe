import { describe, expect, it } from 'vitest'
import { noCounts, type StreamEntry } from '../../../../shared/model/stream.ts'
import type { StreamFilter, StreamState } from '../../../../shared/model/stream-view.ts'
import { createNoticesStore } from '../../../../src-renderer/store/notices.ts'
import { listRows, StreamFollower } from '../../../../src-renderer/store/stream-follower.ts'
import { createStreamsStore } from '../../../../src-renderer/store/streams.ts'
import { createFakePlatform, type FakePlatform } from '../../../support/fake-platform.ts'
import { settle } from '../../../support/fake-clock.ts'

const message = (seq: number): StreamEntry => ({ seq, atNs: seq, event: 'message', index: seq, bytes: 3, json: `{"id":${seq}}` })
const stateOf = (end: number, more: Partial<StreamState> = {}): StreamState => ({
  counts: { ...noCounts, received: end, entries: end }, rows: { all: { first: 0, end }, sent: { first: 0, end: 0 }, received: { first: 0, end } }, dropped: 0, skipped: 0, isCountOnly: false, bytes: 0,
  isOpen: true, isSendClosed: false, isPaused: false, queued: 0, ...more,
})

/** A host that holds so many messages. */
function hostOf(count: () => number): FakePlatform {
  return createFakePlatform({
    'stream.read': ({ from, count: wanted }) => ({ from, entries: Array.from({ length: Math.max(0, Math.min(wanted, count() - from)) }, (_, n) => message(from + n)) }),
    'stream.search': ({ from, text }) => {
      const searchedTo = Math.min(count(), from + 1000)
      const hits = Array.from({ length: searchedTo - from }, (_, n) => from + n).filter((id) => `{"id":${id}}`.includes(text))
      return { hits, searchedTo }
    },
    'stream.send': () => undefined, 'stream.sendFile': () => undefined, 'stream.closeSend': () => undefined, 'stream.forget': () => undefined,
  })
}

function followed(count: () => number): { readonly platform: FakePlatform; readonly follower: StreamFollower; readonly tell: (state: StreamState) => void; readonly time: { now: number } } {
  const platform = hostOf(count)
  const time = { now: 0 }
  const follower = new StreamFollower(platform, 'call', () => undefined, () => time.now)
  follower.follow()
  return { platform, follower, tell: (state) => platform.stream('stream.watch').give(state), time }
}

describe('a followed stream', () => {
  it('fetches what comes into view, once, and again where there is more', async () => {
    let count = 250
    const { platform, follower, tell } = followed(() => count)
    tell(stateOf(count))
    follower.show(190, 240)
    follower.show(190, 240)
    await settle()
    expect([follower.row(199), follower.row(249), follower.row(99)]).toEqual([message(199), message(249), undefined])
    expect(platform.requests.filter(({ channel }) => channel === 'stream.read').map(({ input }) => input)).toEqual([{ callId: 'call', filter: 'all', from: 100, count: 100 }, { callId: 'call', filter: 'all', from: 200, count: 100 }])
    count = 260
    tell(stateOf(count))
    follower.show(230, 260)
    await settle()
    expect(follower.row(259)).toEqual(message(259))
  })

  it('tells how fast it goes, and that it stands still at the end', () => {
    const { follower, tell, time } = followed(() => 0)
    tell(stateOf(0))
    time.now = 1000
    tell(stateOf(1000))
    expect(follower.store.getState().perSecond).toEqual({ sent: 0, received: 400 })
    time.now = 2000
    tell(stateOf(2000, { isOpen: false }))
    expect(follower.store.getState().perSecond).toEqual({ sent: 0, received: 0 })
  })

  it('searches in steps, shows the first hit, and goes around', async () => {
    const { follower, tell } = followed(() => 5000)
    tell(stateOf(5000))
    await follower.search('"id":123')
    const { search, selected, isFollowing } = follower.store.getState()
    expect(search).toEqual({ text: '"id":123', hits: [123, 1230, 1231, 1232, 1233, 1234, 1235, 1236, 1237, 1238, 1239], at: 0, isBusy: false })
    expect([selected, isFollowing]).toEqual([123, false])
    follower.hit(-1)
    expect(follower.store.getState().selected).toBe(1239)
    follower.hit(11)
    expect(follower.store.getState().selected).toBe(123)
  })

  it('shows the whole of a message that a list has cut', async () => {
    const cutRow = { ...message(0), json: '{"i', cut: 8 }
    const platform = createFakePlatform({ 'stream.read': ({ from, maxChars }) => ({ from, entries: [maxChars === undefined ? cutRow : message(0)] }) })
    const follower = new StreamFollower(platform, 'call', () => undefined)
    follower.follow()
    platform.stream('stream.watch').give(stateOf(1))
    follower.show(0, 1)
    await settle()
    const selecting = follower.select(0)
    expect(follower.store.getState().detail).toEqual(cutRow)
    await selecting
    expect(follower.store.getState().detail).toEqual(message(0))
  })

  it('moves the list on in large steps while the newest is followed, and not while something is read', () => {
    const { follower, tell } = followed(() => 0)
    tell(stateOf(listRows))
    expect(follower.store.getState().base).toBe(0)
    tell(stateOf(listRows + 1))
    expect(follower.store.getState().base).toBe(listRows / 2 + 1)
    follower.setFollowing(false)
    tell(stateOf(listRows * 3))
    expect(follower.store.getState().base).toBe(listRows / 2 + 1)
    follower.earlier()
    expect(follower.store.getState().base).toBe(1)
    follower.setFollowing(true)
    expect(follower.store.getState().base).toBe(listRows * 2.5)
  })

  it('sends each message that was written, and none when one is no JSON', async () => {
    const { platform, follower, tell } = followed(() => 0)
    tell(stateOf(0))
    follower.beginDraft('{"id":1}\n{"id":2}')
    expect(follower.store.getState().draft).toBe('{"id":1}')
    follower.setDraft('{"id":3} {"id":4}')
    await follower.sendDraft()
    follower.setDraft('{"id":5}\n {"id":}')
    await follower.sendDraft()
    expect(platform.requests.filter(({ channel }) => channel === 'stream.send').map(({ input }) => input)).toEqual([{ callId: 'call', json: '{"id":3}' }, { callId: 'call', json: '{"id":4}' }])
    expect(follower.store.getState().draftError).toMatchObject({ code: 'body', at: { line: 2, column: 8 } })
    follower.beginDraft('other')
    expect(follower.store.getState().draft).toBe('{"id":5}\n {"id":}')
  })

  it('sends a file by its text where the window has no paths', async () => {
    const { platform, follower } = followed(() => 0)
    await follower.sendFile(new File(['1\n2'], 'a.jsonl'), 5)
    expect(platform.requests.at(-1)).toEqual({ channel: 'stream.sendFile', input: { callId: 'call', rate: 5, text: '1\n2' } })
  })

  it('shows what the record kept when the host knows the stream no more', async () => {
    const platform = createFakePlatform()
    const follower = new StreamFollower(platform, 'call', () => undefined)
    const header: StreamEntry = { seq: 0, atNs: 0, event: 'header', pairs: [['name', 'value']] }
    follower.follow({ ...noCounts, received: 5, entries: 6, kept: [header, message(1), message(2)], left: 3 })
    platform.stream('stream.watch').fail({ code: 'contract', layer: 'ipc', text: { key: 'stream.unknown' } })
    const { state, isKeptOnly } = follower.store.getState()
    expect([isKeptOnly, state?.isOpen, state?.skipped, state?.rows]).toEqual([true, false, 3, { all: { first: 0, end: 3 }, sent: { first: 0, end: 0 }, received: { first: 0, end: 2 } }])
    follower.setFilter('received')
    follower.show(0, 2)
    await settle()
    expect([follower.row(0), follower.row(1)]).toEqual([message(1), message(2)])
    await follower.search('"ID":2')
    expect(follower.store.getState().search.hits).toEqual([1])
  })
})

describe('the streams of a window', () => {
  it('are followed once each, and given back with their tab', () => {
    const platform = hostOf(() => 0)
    const streams = createStreamsStore(platform, createNoticesStore())
    expect(streams.of('a')).toBe(streams.of('a'))
    streams.forget('a')
    streams.forget('unknown')
    expect([platform.stream('stream.watch').isClosed, platform.requests]).toEqual([true, [{ channel: 'stream.forget', input: { callId: 'a' } }]])
  })

  it('are saved where the dialog says, and not when it was closed', async () => {
    const picks: (string | undefined)[] = [undefined, '/tmp/a.ndjson']
    const platform = createFakePlatform({ 'app.pickSave': () => ({ path: picks.shift() }) })
    const notices = createNoticesStore()
    const streams = createStreamsStore(platform, notices)
    const filter: StreamFilter = 'received'
    await streams.save('a', 'a.ndjson', filter)
    expect(() => platform.stream('stream.export')).toThrow('nobody opened')
    await streams.save('a', 'a.ndjson', filter)
    const saving = platform.stream('stream.export')
    expect(saving.input).toEqual({ callId: 'a', filter, path: '/tmp/a.ndjson' })
    saving.give({ entries: 5 })
    saving.end()
    expect(notices.store.getState().notices.map(({ text }) => text)).toEqual([{ key: 'stream.saved', params: { count: 5, name: '/tmp/a.ndjson' } }])
  })
})

