import { describe, expect, it } from 'vitest'
import type { Bridge, FromReader, ToReader } from '../../../shared/ipc/protocol.ts'
import { createPlatform } from '../../../src-renderer/platform/client.ts'

/** A bridge that the test plays the host of. */
function testBridge() {
  const streams: { readonly channel: string; readonly sent: FromReader[]; give(message: ToReader): void }[] = []
  const cancelled: number[] = []
  let answer: (channel: string, input: unknown, id: number) => Promise<unknown> = () => new Promise(() => undefined)
  const bridge: Bridge = {
    request: (channel, input, id) => answer(channel, input, id) as never,
    cancel: (id) => void cancelled.push(id),
    openStream: (channel) => {
      let listener: (message: ToReader) => void = () => undefined
      const stream = { channel, sent: [] as FromReader[], give: (message: ToReader) => listener(message) }
      streams.push(stream)
      return { send: (message) => void stream.sent.push(message), onMessage: (next) => { listener = next } }
    },
    pathOf: (file) => (file === 'a file' ? '/a/file' : undefined),
  }
  return { bridge, streams, cancelled, answerWith: (next: typeof answer) => { answer = next } }
}

describe('a request', () => {
  it('gives the Result of the host', async () => {
    const { bridge, answerWith } = testBridge()
    answerWith(async (channel, input) => ({ ok: true, value: [channel, input] }))
    expect(await createPlatform(bridge).request('history.list', { limit: 5 })).toEqual({ ok: true, value: ['history.list', { limit: 5 }] })
  })

  it('never rejects: a host that fails is an error of ours', async () => {
    const { bridge, answerWith } = testBridge()
    answerWith(() => Promise.reject(new Error('no such channel')))
    expect(await createPlatform(bridge).request('app.info', undefined)).toMatchObject({ ok: false, error: { code: 'internal', layer: 'ipc', text: { params: { message: 'no such channel' } } } })
  })

  it('is cancelled in the host by its signal, and not even asked when that was aborted before', async () => {
    const { bridge, answerWith, cancelled } = testBridge()
    const asked: number[] = []
    let finish: (value: unknown) => void = () => undefined
    answerWith((_channel, _input, id) => {
      asked.push(id)
      return new Promise((resolve) => { finish = resolve })
    })
    const platform = createPlatform(bridge)
    const abort = new AbortController()
    const answer = platform.request('idl.load', undefined, abort.signal)
    abort.abort()
    expect(cancelled).toEqual(asked)
    finish({ ok: false, error: { code: 'cancelled' } })
    expect(await answer).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await platform.request('idl.load', undefined, abort.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(asked).toHaveLength(1)
  })
})

describe('a stream', () => {
  it('hands its items on and grants as many again', () => {
    const { bridge, streams } = testBridge()
    const seen: unknown[] = []
    createPlatform(bridge).openStream('mock.hits', undefined, { onItems: (items) => seen.push(...items), onEnd: () => seen.push('end') })
    const [stream] = streams
    stream?.give({ kind: 'data', items: [1, 2, 3] })
    stream?.give({ kind: 'end' })
    stream?.give({ kind: 'data', items: [4] })
    expect([seen, stream?.sent]).toEqual([[1, 2, 3, 'end'], [{ kind: 'credit', items: 3 }]])
  })

  it('tells its error once and closes once', () => {
    const { bridge, streams } = testBridge()
    const errors: unknown[] = []
    const open = createPlatform(bridge).openStream('mock.hits', undefined, { onItems: () => undefined, onError: (error) => errors.push(error.code) })
    streams[0]?.give({ kind: 'error', error: { code: 'file', layer: 'mock', text: { key: 'x' } } })
    open.close()
    open.close()
    expect([errors, streams[0]?.sent]).toEqual([['file'], []])
    const second = createPlatform(bridge).openStream('mock.hits', undefined, { onItems: () => errors.push('late') })
    second.close()
    second.close()
    streams[1]?.give({ kind: 'data', items: [1] })
    expect([errors, streams[1]?.sent]).toEqual([['file'], [{ kind: 'close' }]])
  })

  it('gives the path of a dropped file where the host can tell', () => {
    const { pathOf } = createPlatform(testBridge().bridge)
    expect([pathOf('a file'), pathOf('else')]).toEqual(['/a/file', undefined])
  })
})
