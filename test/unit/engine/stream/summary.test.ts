import { describe, expect, it } from 'vitest'
import type { StreamEntry } from '../../../../shared/model/stream.ts'
import { maxKeptChars, maxKeptEntries, StreamSummaryBuilder } from '../../../../src-main/engine/stream/summary.ts'

const message = (seq: number, json = '{}'): StreamEntry => ({ seq, atNs: seq, event: 'message', index: seq, bytes: 3, json })

describe('StreamSummaryBuilder', () => {
  it('keeps the first messages and what frames them, and counts the rest', () => {
    const builder = new StreamSummaryBuilder()
    const header: StreamEntry = { seq: 0, atNs: 0, event: 'header', pairs: [] }
    builder.add(header)
    for (let n = 1; n <= maxKeptEntries + 10; n += 1) builder.add(message(n))
    const end: StreamEntry = { seq: maxKeptEntries + 11, atNs: 9, event: 'end' }
    builder.add(end)
    const { kept, ...rest } = builder.summary
    expect(rest).toEqual({ sent: 0, received: maxKeptEntries + 10, sentBytes: 0, receivedBytes: 3 * (maxKeptEntries + 10), entries: maxKeptEntries + 12, left: 11 })
    expect([kept[0], kept.at(-2), kept.at(-1)]).toEqual([header, message(maxKeptEntries - 1), end])
  })

  it('keeps no message after one that did not fit', () => {
    const builder = new StreamSummaryBuilder()
    for (const entry of [message(0), message(1, ' '.repeat(maxKeptChars)), message(2)]) builder.add(entry)
    expect(builder.summary).toMatchObject({ kept: [message(0)], left: 2, received: 3 })
  })

  it('counts both directions and what could not be read', () => {
    const builder = new StreamSummaryBuilder()
    builder.add({ seq: 0, atNs: 0, event: 'send', index: 0, bytes: 5, json: '1' })
    builder.add({ seq: 1, atNs: 0, event: 'unreadable', index: 0, bytes: 7, error: { code: 'protocol', layer: 'codec', text: { key: 'error.internal' } } })
    builder.add({ seq: 2, atNs: 0, event: 'stall', waitedNs: 5 })
    expect(builder.counts).toEqual({ sent: 1, received: 1, sentBytes: 5, receivedBytes: 7, entries: 3 })
  })
})
