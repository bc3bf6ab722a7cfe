import { describe, expect, it } from 'vitest'
import { fail } from '../../../shared/base/error.ts'
import type { ToReader } from '../../../shared/ipc/protocol.ts'
import { type Handlers, type Session, type StreamHandlers, createRouter } from '../../../src-main/host/router.ts'
import type { HostPort } from '../../../src-main/host/stream-pump.ts'

/** Every other channel fails the test that reaches it. */
function sessionOf(handlers: Partial<Handlers>, sources: Partial<StreamHandlers> = {}): Session {
  const reached = (name: string) => () => { throw new Error(`${name} was reached`) }
  const all = new Proxy(handlers, { get: (given, name) => Reflect.get(given, name) ?? reached(String(name)) }) as Handlers
  return createRouter(all, sources as StreamHandlers).openSession()
}

interface TestPort extends HostPort {
  readonly sent: ToReader[]
  isClosed: boolean
  say(message: unknown): void
  drop(): void
  /** Resolves when the host has closed its end. */
  readonly closed: Promise<void>
}

function testPort(): TestPort {
  const sent: ToReader[] = []
  let hear: (message: unknown) => void = () => undefined
  let gone: () => void = () => undefined
  let finish: () => void = () => undefined
  const closed = new Promise<void>((resolve) => { finish = resolve })
  const port: TestPort = {
    sent,
    isClosed: false,
    closed,
    post: (message) => void sent.push(message),
    onMessage: (listener) => { hear = listener },
    onClose: (listener) => { gone = listener },
    close: () => {
      port.isClosed = true
      finish()
    },
    say: (message) => hear(message),
    drop: () => gone(),
  }
  return port
}

const items = (port: TestPort): readonly unknown[] => port.sent.flatMap((message) => (message.kind === 'data' ? message.items : []))
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise<void>((resolve) => setTimeout(resolve, 1))
}

describe('a request', () => {
  it('reaches its handler parsed, defaults filled in, and returns a Result', async () => {
    const session = sessionOf({ 'history.list': ({ limit }) => Promise.resolve([{ id: String(limit) } as never]) })
    expect(await session.request('history.list', {}, 1, true)).toEqual({ ok: true, value: [{ id: '200' }] })
  })

  it.each(['no.such', 'constructor', '__proto__', 'call.run', 7, undefined])('on %s is refused before anything else', async (channel) => {
    expect(await sessionOf({}).request(channel, undefined, 1, false)).toMatchObject({ ok: false, error: { code: 'contract', layer: 'ipc', text: { key: 'workspace.unknownChannel' } } })
  })

  it('of a stranger is refused before its input is looked at', async () => {
    expect(await sessionOf({}).request('workspace.open', { path: 5 }, 1, false)).toMatchObject({ ok: false, error: { text: { key: 'workspace.untrustedSender' } } })
  })

  it('with an input that does not parse is refused, with the place', async () => {
    const session = sessionOf({})
    expect(await session.request('workspace.open', { path: 5 }, 1, true)).toMatchObject({ ok: false, error: { code: 'contract', text: { key: 'workspace.badInput', params: { channel: 'workspace.open' } }, at: { path: 'path' } } })
    expect(await session.request('app.info', {}, 1, true)).toMatchObject({ ok: false, error: { text: { key: 'workspace.badInput' } } })
  })

  it('whose handler fails gives the error as data', async () => {
    const session = sessionOf({
      'idl.load': () => Promise.reject(fail('file', 'workspace', 'workspace.missing', { path: 'x' })),
      'mock.list': () => { throw new TypeError('a bug') },
    })
    expect(await session.request('idl.load', undefined, 1, true)).toEqual({ ok: false, error: { code: 'file', layer: 'workspace', text: { key: 'workspace.missing', params: { path: 'x' } } } })
    expect(await session.request('mock.list', undefined, 2, true)).toMatchObject({ ok: false, error: { code: 'internal', text: { params: { message: 'a bug' } } } })
  })

  it('can be cancelled by its id, and only that one', async () => {
    const aborted: string[] = []
    const wait = (name: string, signal: AbortSignal) => new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted.push(name)
        reject(new DOMException('aborted', 'AbortError'))
      })
    })
    const session = sessionOf({ 'idl.load': (_input, signal) => wait('load', signal), 'idl.example': ({ method }, signal) => wait(method, signal) })
    const load = session.request('idl.load', undefined, 1, true)
    const example = session.request('idl.example', { method: 'm' }, 2, true)
    session.cancel(9)
    session.cancel(2)
    expect(await example).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(aborted).toEqual(['m'])
    session.dispose()
    expect(await load).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await session.request('app.info', undefined, 3, true)).toMatchObject({ ok: false, error: { text: { key: 'workspace.untrustedSender' } } })
  })
})

describe('a stream', () => {
  const counting = (count: number, pulled: { n: number }): Partial<StreamHandlers> => ({
    'trace.live': async function* count_() {
      for (pulled.n = 0; pulled.n < count; pulled.n += 1) yield { traceId: String(pulled.n) } as never
    },
  })
  const open = (session: Session, port: TestPort, channel: unknown = 'trace.live', input: unknown = undefined): void => session.openStream(channel, input, port, true)

  it('sends its items in batches of at most 512 and then its end', async () => {
    const port = testPort()
    open(sessionOf({}, counting(1300, { n: 0 })), port)
    await port.closed
    expect(port.sent.map((message) => (message.kind === 'data' ? message.items.length : message.kind))).toEqual([512, 512, 276, 'end'])
  })

  it('stops pulling when the credit is used up, and goes on when more is granted', async () => {
    const port = testPort()
    const pulled = { n: 0 }
    open(sessionOf({}, counting(5000, pulled)), port)
    await until(() => items(port).length === 2048)
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(pulled.n).toBe(2047)
    port.say({ kind: 'credit', items: 1000 })
    await until(() => items(port).length === 3048)
    port.say({ kind: 'credit', items: 10_000 })
    await port.closed
    expect(items(port)).toHaveLength(5000)
  })

  it.each([null, 'x', { kind: 'credit', items: -1 }, { kind: 'credit', items: 0.5 }, { kind: 'credit', items: '9' }, { kind: 'no' }])('is not moved by %j from its reader', async (message) => {
    const port = testPort()
    open(sessionOf({}, counting(5000, { n: 0 })), port)
    await until(() => items(port).length === 2048)
    port.say(message)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(items(port)).toHaveLength(2048)
    port.say({ kind: 'close' })
    await port.closed
  })

  const endless = (ended: { value: boolean }): Partial<StreamHandlers> => ({
    'mock.hits': async function* wait(_input, signal) {
      try {
        yield { seq: 1 } as never
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      } finally {
        ended.value = true
      }
    },
  })

  it.each([
    ['the reader closes', (port: TestPort) => port.say({ kind: 'close' })],
    ['the reader is gone', (port: TestPort) => port.drop()],
    ['the window closes', (_port: TestPort, session: Session) => session.dispose()],
  ])('is aborted when %s, and no end is sent', async (_why, stop) => {
    const ended = { value: false }
    const port = testPort()
    const session = sessionOf({}, endless(ended))
    open(session, port, 'mock.hits')
    await until(() => items(port).length === 1)
    stop(port, session)
    await port.closed
    expect([ended.value, port.sent.map(({ kind }) => kind)]).toEqual([true, ['data']])
  })

  it('gives what it had and then the error when its source fails', async () => {
    const port = testPort()
    open(sessionOf({}, { 'mock.hits': async function* wait() {
      yield { seq: 1 } as never
      throw fail('file', 'mock', 'workspace.missing', { path: 'x' })
    } }), port, 'mock.hits')
    await port.closed
    expect(port.sent).toMatchObject([{ kind: 'data', items: [{ seq: 1 }] }, { kind: 'error', error: { code: 'file' } }])
  })

  it.each([
    ['is not in the contract', 'app.info', undefined, true, 'workspace.unknownChannel'],
    ['is asked for by a stranger', 'idl.watch', undefined, false, 'workspace.untrustedSender'],
    ['has an input that does not parse', 'call.run', { method: '' }, true, 'workspace.badInput'],
  ] as const)('that %s is refused', (_what, channel, input, isTrusted, key) => {
    const port = testPort()
    sessionOf({}, {}).openStream(channel, input, port, isTrusted)
    expect([port.isClosed, port.sent]).toMatchObject([true, [{ kind: 'error', error: { code: 'contract', text: { key } } }]])
  })
})
