import { describe, expect, it } from 'vitest'
import { Emitter } from '../../../shared/base/emitter.ts'
import { allOf, latestOf, untilEnd } from '../../../src-main/host/sources.ts'

const next = async (source: AsyncIterable<number>): Promise<readonly [() => Promise<IteratorResult<number>>, AsyncIterator<number>]> => {
  const iterator = source[Symbol.asyncIterator]()
  return [() => iterator.next(), iterator]
}

describe('sources', () => {
  it('latestOf skips what a slow reader missed', async () => {
    const emitter = new Emitter<number>()
    const abort = new AbortController()
    const [pull] = await next(latestOf((push) => {
      push(1)
      return emitter.event(push)
    }, abort.signal))
    expect((await pull()).value).toBe(1)
    for (const value of [2, 3, 4]) emitter.fire(value)
    expect((await pull()).value).toBe(4)
    const waiting = pull()
    abort.abort()
    expect((await waiting).done).toBe(true)
    expect(emitter.isHeard).toBe(false)
  })

  it('allOf keeps each, and drops the oldest beyond its bound', async () => {
    const emitter = new Emitter<number>()
    const [pull, iterator] = await next(allOf(emitter.event, new AbortController().signal, 3))
    const first = pull()
    for (const value of [1, 2, 3, 4, 5]) emitter.fire(value)
    expect([(await first).value, (await pull()).value, (await pull()).value]).toEqual([3, 4, 5])
    await iterator.return?.()
    expect(emitter.isHeard).toBe(false)
  })

  it('untilEnd gives what waits before it ends or fails', async () => {
    const given: number[] = []
    const run = async (error?: unknown): Promise<unknown> => {
      given.length = 0
      const source = untilEnd<number>((feed) => {
        feed.push(1)
        feed.push(2)
        feed.end(error)
        return { dispose: () => undefined }
      }, new AbortController().signal)
      try {
        for await (const value of source) given.push(value)
        return 'ended'
      } catch (caught) {
        return caught
      }
    }
    expect([await run(), given]).toEqual(['ended', [1, 2]])
    expect([await run('broken'), given]).toEqual(['broken', [1, 2]])
  })
})
