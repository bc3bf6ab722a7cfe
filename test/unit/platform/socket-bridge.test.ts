import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FromPage, ToPage } from '../../../shared/ipc/socket.ts'
import { parseWire, stringifyWire } from '../../../shared/ipc/wire-json.ts'
import { createPlatform } from '../../../src-renderer/platform/client.ts'
import { type SocketEvents, createSocketBridge } from '../../../src-renderer/platform/socket-bridge.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server that the test plays; each connection of the page is one of `sockets`. */
function testServer() {
  const sockets: { readonly events: SocketEvents; readonly sent: FromPage[]; say(message: ToPage): void }[] = []
  const session = { state: 'known' as 'known' | 'gone' | 'unreachable' }
  const platform = createPlatform(createSocketBridge({
    connect: (events) => {
      const sent: FromPage[] = []
      sockets.push({ events, sent, say: (message) => events.onMessage(stringifyWire(message)) })
      return { send: (text) => void sent.push(parseWire(text) as FromPage) }
    },
    checkSession: async () => session.state,
  }))
  return { platform, sockets, session }
}

const disconnected = { ok: false, error: { code: 'remote_or_network', layer: 'ipc', text: { key: 'workspace.pageDisconnected' } } }

describe('a page over its socket', () => {
  it('asks once the socket is open, and gets its own answer', async () => {
    const { platform, sockets: [socket] } = testServer()
    const first = platform.request('mock.list', undefined)
    const second = platform.request('history.list', { limit: 5 })
    expect(socket?.sent).toEqual([])
    socket?.events.onOpen()
    expect(socket?.sent.map((message) => message.kind === 'request' && message.channel)).toEqual(['mock.list', 'history.list'])
    socket?.say({ kind: 'result', id: 2, result: { ok: true, value: 9007199254740993n } })
    socket?.say({ kind: 'result', id: 1, result: { ok: true, value: [] } })
    expect([await first, await second]).toEqual([{ ok: true, value: [] }, { ok: true, value: 9007199254740993n }])
  })

  it('when the socket drops: requests and calls end with an error, watches come back by themselves', async () => {
    const { platform, sockets } = testServer()
    const states: string[] = []
    platform.onDidChangeConnection((state) => states.push(state))
    sockets[0]?.events.onOpen()
    const seen: unknown[] = []
    platform.openStream('mock.watch', undefined, { onItems: (items) => seen.push(...items), onError: () => seen.push('watch failed') })
    platform.openStream('call.run', {} as never, { onItems: () => undefined, onError: (error) => seen.push(error.text.key) })
    const waiting = platform.request('mock.list', undefined)
    sockets[0]?.events.onClose()
    expect(await waiting).toMatchObject(disconnected)
    expect(await platform.request('mock.list', undefined)).toMatchObject(disconnected)
    expect([seen, platform.connection]).toEqual([['workspace.pageDisconnected'], 'reconnecting'])
    await vi.advanceTimersByTimeAsync(250)
    sockets[1]?.events.onOpen()
    expect([states, platform.connection]).toEqual([['reconnecting', 'connected'], 'connected'])
    const reopened = sockets[1]?.sent[0]
    expect(sockets[1]?.sent).toMatchObject([{ kind: 'open', channel: 'mock.watch' }])
    if (reopened?.kind === 'open') sockets[1]?.say({ kind: 'stream', stream: reopened.stream, message: { kind: 'data', items: [[]] } })
    expect(seen).toEqual(['workspace.pageDisconnected', []])
  })

  it('opens a watch that was asked for while the socket was down', async () => {
    const { platform, sockets } = testServer()
    sockets[0]?.events.onOpen()
    sockets[0]?.events.onClose()
    const errors: string[] = []
    const watch = platform.openStream('receiver.watch', undefined, { onItems: () => undefined })
    const closed = platform.openStream('mock.watch', undefined, { onItems: () => undefined })
    platform.openStream('call.run', {} as never, { onItems: () => undefined, onError: (error) => errors.push(error.code) })
    closed.close()
    await vi.advanceTimersByTimeAsync(250)
    sockets[1]?.events.onOpen()
    expect([errors, sockets[1]?.sent.map((message) => message.kind === 'open' && message.channel)]).toEqual([['remote_or_network'], ['receiver.watch']])
    watch.close()
    expect(sockets[1]?.sent.at(-1)).toMatchObject({ kind: 'stream', message: { kind: 'close' } })
  })

  it('waits longer each time, and gives up when the server does not know it any more', async () => {
    const { platform, sockets, session } = testServer()
    session.state = 'unreachable'
    for (const pause of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const before = sockets.length
      sockets.at(-1)?.events.onClose()
      await vi.advanceTimersByTimeAsync(pause - 1)
      expect(sockets).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(sockets).toHaveLength(before + 1)
    }
    session.state = 'gone'
    sockets.at(-1)?.events.onClose()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([platform.connection, sockets.length]).toEqual(['lost', 8])
  })
})
