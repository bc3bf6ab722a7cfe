import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MethodKind } from '../../../shared/model/idl.ts'
import type { StreamState } from '../../../shared/model/stream-view.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'
import type { StreamMessage } from '../../../src-main/engine/index.ts'
import { exportStream } from '../../../src-main/host/stream-export.ts'
import { StreamSessions } from '../../../src-main/host/stream-sessions.ts'
import type { StreamSession } from '../../../src-main/host/stream-session.ts'

const never = new AbortController().signal
let folder: string
let sessions: StreamSessions

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stream-session-'))
  sessions = new StreamSessions(join(folder, 'streams'))
})
afterEach(async () => {
  await sessions.dispose()
  await rm(folder, { recursive: true })
})

async function begin(body = '', id = 'call'): Promise<StreamSession> {
  const session = await sessions.open(body)
  sessions.begin(id, session)
  return session
}

/** What a call takes from its port. */
function taking(session: StreamSession, kind: MethodKind): AsyncIterator<StreamMessage> {
  const { input } = session.port
  const messages = typeof input === 'function' ? input(kind) : input
  if (messages === undefined) throw new Error('believed: a window gives messages')
  return messages[Symbol.asyncIterator]()
}
const next = async (messages: AsyncIterator<StreamMessage>): Promise<string | undefined> => {
  const { done, value } = await messages.next() as IteratorResult<StreamMessage, undefined>
  return done === true || value === undefined ? undefined : typeof value === 'string' ? value : value.json
}
const message = (seq: number, json = `{"id":${seq}}`): StreamEntry => ({ seq, atNs: seq, event: 'message', index: seq, bytes: json.length, json })
const until = (session: StreamSession, holds: (state: StreamState) => boolean): Promise<StreamState> => new Promise((resolve) => {
  if (holds(session.state)) return resolve(session.state)
  const heard = session.onDidChange((state) => {
    if (!holds(state)) return
    heard.dispose()
    resolve(state)
  })
})

describe('a stream of a window', () => {
  it('sends the body first, then what the window sends, until it ends sending', async () => {
    const session = await begin('{"id":1} {"id":2}')
    const messages = taking(session, 'bidi')
    session.send('{"id":3}')
    expect([await next(messages), await next(messages), await next(messages)]).toEqual(['{"id":1}', '{"id":2}', '{"id":3}'])
    const waiting = next(messages)
    session.closeSend()
    expect(await waiting).toBeUndefined()
    expect(session.state.isSendClosed).toBe(true)
    expect(() => session.send('{}')).toThrow('stream.sendClosed')
  })

  it('ends sending after the body where only one message goes', async () => {
    const session = await begin('{"id":1}')
    const messages = taking(session, 'server')
    expect([await next(messages), await next(messages)]).toEqual(['{"id":1}', undefined])
    expect(session.state.isSendClosed).toBe(true)
  })

  it('holds the call back while it is paused, and lets it go at the end', async () => {
    const session = await begin()
    session.pause()
    let isHeld = true
    const held = Promise.resolve(session.port.onEntries?.([message(0)])).then(() => { isHeld = false })
    expect((await session.read({ from: 0, count: 5, filter: 'all', maxChars: 100 })).entries).toEqual([message(0)])
    expect([isHeld, session.state.isPaused]).toEqual([true, true])
    session.resume()
    await held
    session.pause()
    const again = session.port.onEntries?.([message(1)])
    session.end()
    await again
    expect(session.state).toMatchObject({ isPaused: false, isOpen: false, counts: { received: 2 } })
  })

  it('sends a file of messages and tells how far it is', async () => {
    const session = await begin()
    const path = join(folder, 'messages.jsonl')
    await writeFile(path, Array.from({ length: 500 }, (_, id) => `{"id":${id}}\n`).join(''))
    const messages = taking(session, 'bidi')
    session.sendFile({ path, text: undefined, rate: 0 })
    expect(() => session.sendFile({ path, text: undefined, rate: 0 })).toThrow('stream.fileRunning')
    for (let id = 0; id < 500; id += 1) expect(await next(messages)).toBe(`{"id":${id}}`)
    expect((await until(session, ({ sending }) => sending === undefined)).sendError).toBeUndefined()
    session.sendFile({ path: undefined, text: '1\n2', rate: 0 })
    expect([await next(messages), await next(messages)]).toEqual(['1', '2'])
  })

  it('tells why a file could not be sent, and lives on', async () => {
    const session = await begin()
    const messages = taking(session, 'bidi')
    session.sendFile({ path: join(folder, 'nowhere'), text: undefined, rate: 0 })
    expect((await until(session, ({ sendError }) => sendError !== undefined)).sendError).toMatchObject({ code: 'file', text: { key: 'stream.fileUnreadable', params: { reason: 'ENOENT' } } })
    const path = join(folder, 'latin1')
    await writeFile(path, Buffer.from('"\xe4"', 'latin1'))
    session.sendFile({ path, text: undefined, rate: 0 })
    expect((await until(session, ({ sendError }) => sendError !== undefined)).sendError).toMatchObject({ text: { key: 'stream.fileNotUtf8' } })
    session.send('{}')
    expect(await next(messages)).toBe('{}')
  })

  it('tells of a message that cannot be encoded, and forgets it with the next one', async () => {
    const session = await begin()
    const error = { code: 'body', layer: 'codec', text: { key: 'codec.json.empty' } } as const
    session.port.onRefused?.(error)
    expect(session.state.sendError).toEqual(error)
    session.send('{}')
    expect(session.state.sendError).toBeUndefined()
  })

  it('cuts long messages of a list and gives the whole when asked', async () => {
    const session = await begin()
    const json = `"${'x'.repeat(1000)}"`
    await session.port.onEntries?.([message(0, json)])
    expect((await session.read({ from: 0, count: 1, filter: 'all', maxChars: 10 })).entries).toEqual([{ ...message(0, json), json: json.slice(0, 10), cut: 1002 }])
    expect((await session.read({ from: 0, count: 1, filter: 'all', maxChars: 5000 })).entries).toEqual([message(0, json)])
  })

  it('saves what it kept as lines, to a path or in parts', async () => {
    const session = await begin()
    await session.port.onEntries?.([
      { seq: 0, atNs: 5, event: 'header', pairs: [['a', '1'], ['a', '2']] }, message(1, '18446744073709551615'),
      { seq: 2, atNs: 7, event: 'end', error: { code: 'cancelled', layer: 'engine', text: { key: 'error.cancelled' } } },
    ])
    const expected = [
      '{"event":"header","seq":0,"atNs":"5","key":"a","value":"1"}',
      '{"event":"header","seq":1,"atNs":"5","key":"a","value":"2"}',
      '{"event":"message","seq":2,"atNs":"1","index":1,"bytes":20,"value":18446744073709551615}',
      '{"event":"end","seq":3,"atNs":"7","error":{"code":"cancelled","layer":"engine","key":"error.cancelled","params":{}}}',
    ].join('\n')
    const path = join(folder, 'saved.ndjson')
    const told: unknown[] = []
    for await (const part of exportStream(session, { filter: 'all', path }, never)) told.push(part)
    expect(told).toEqual([{ entries: 3 }])
    expect(await readFile(path, 'utf8')).toBe(`${expected}\n`)
    let text = ''
    for await (const part of exportStream(session, { filter: 'all', path: undefined }, never)) text += part.text ?? ''
    expect(text).toBe(`${expected}\n`)
  })

  it('is watched until it ends', async () => {
    const session = await begin()
    await session.port.onEntries?.([message(0)])
    const states: StreamState[] = []
    const watching = (async () => {
      for await (const state of sessions.watch('call', never)) states.push(state)
    })()
    await until(session, () => true)
    await sessions.end(session)
    await watching
    expect([states[0]?.isOpen, states.at(-1)?.isOpen, states.at(-1)?.counts.received]).toEqual([true, false, 1])
  })
})

describe('the streams of a host', () => {
  it('forget a call that was no stream, and one whose tab was closed', async () => {
    await sessions.end(await begin('', 'unary'))
    expect(() => sessions.get('unary')).toThrow('stream.unknown')
    const session = await begin('', 'closed')
    await session.port.onEntries?.([message(0)])
    await sessions.forget('closed')
    expect(() => sessions.get('closed')).toThrow('stream.unknown')
    expect(session.isOpen, 'it runs to its end').toBe(true)
    await sessions.end(session)
    expect(session.isOpen).toBe(false)
  })

  it('keep the last dozen that ended, and leave nothing on disk', async () => {
    for (let n = 0; n < 15; n += 1) {
      const session = await begin('', `call-${n}`)
      await session.port.onEntries?.(Array.from({ length: 600 }, (_, seq) => message(seq)))
      await sessions.end(session)
    }
    expect(() => sessions.get('call-2')).toThrow('stream.unknown')
    expect((await sessions.get('call-3').read({ from: 0, count: 1, filter: 'all', maxChars: 100 })).entries).toEqual([message(0)])
    await sessions.dispose()
    expect(await readdir(join(folder, 'streams'))).toEqual([])
  })
})
