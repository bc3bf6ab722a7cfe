import { describe, expect, it } from 'vitest'
import { InputQueue } from '../../../../src-main/engine/stream/input-queue.ts'

describe('InputQueue', () => {
  it('gives messages in order, then ends when it was closed', async () => {
    const queue = new InputQueue()
    void queue.add('1')
    void queue.add('2')
    queue.close()
    const seen: unknown[] = []
    for await (const message of queue) seen.push(message)
    expect(seen).toEqual(['1', '2'])
  })

  it('wakes a call that waits for a message, and one that waits for the half-close', async () => {
    const queue = new InputQueue()
    const taking = queue[Symbol.asyncIterator]()
    const first = taking.next()
    void queue.add('1')
    expect(await first).toEqual({ done: false, value: '1' })
    const second = taking.next()
    queue.close()
    expect(await second).toEqual({ done: true, value: undefined })
  })

  it('makes who adds wait for room', async () => {
    const queue = new InputQueue()
    const waits: (Promise<void> | undefined)[] = []
    for (let n = 0; n < 64; n += 1) waits.push(queue.add(String(n)))
    expect(waits.filter((wait) => wait !== undefined)).toHaveLength(1)
    await queue[Symbol.asyncIterator]().next()
    await waits.at(-1)
  })

  it('refuses more after the half-close and after the call', () => {
    const queue = new InputQueue()
    queue.close()
    expect(() => queue.add('1')).toThrow('stream.sendClosed')
    const other = new InputQueue()
    other.end()
    expect(() => other.add('1')).toThrow('stream.notRunning')
  })

  it('lets go of who waits for room when the call ends', async () => {
    const queue = new InputQueue()
    let last: Promise<void> | undefined
    for (let n = 0; n < 64; n += 1) last = queue.add('1')
    const taking = queue[Symbol.asyncIterator]()
    await taking.next()
    await taking.return()
    await last
    expect(queue.length).toBe(0)
  })
})
