// Credit of flow control: whoever reads all that came can always be sent more, however windows have grown meanwhile, and never more than was said.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReceiveWindow } from '../../../../../src-main/engine/transport/http2/receive-window.ts'
import { firstStreamWindow, largestStreamWindow } from '../../../../../src-main/engine/transport/http2/window-growth.ts'

describe('a window', () => {
  it('whose aim has grown far beyond what the peer was told still opens', () => {
    const window = new ReceiveWindow(firstStreamWindow)
    window.target = largestStreamWindow
    expect(window.take(firstStreamWindow)).toBe(true)
    expect(window.giveBack(firstStreamWindow)).toBe(largestStreamWindow)
  })

  it('is given back in halves', () => {
    const window = new ReceiveWindow(1000)
    expect([window.take(999), window.giveBack(499), window.giveBack(1), window.giveBack(499)]).toEqual([true, 0, 500, 0])
  })

  it('never stands still before a reader who has read all, and is never larger than was aimed at', () => {
    const step = fc.record({ sent: fc.nat(300_000), read: fc.nat(300_000), grow: fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }) })
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const window = new ReceiveWindow(65_535)
      let [maySend, unread] = [65_535, 0]
      const read = (bytes: number): void => {
        unread -= bytes
        maySend += window.giveBack(bytes)
      }
      for (const { sent, read: wanted, grow } of steps) {
        if (grow !== undefined) window.target = Math.max(window.target, 65_535 * grow)
        const comes = Math.min(sent, maySend)
        maySend -= comes
        unread += comes
        if (!window.take(comes)) return false
        read(Math.min(wanted, unread))
        if (maySend + unread > window.target) return false
      }
      read(unread)
      return maySend >= 65_535 / 2
    }))
    const window = new ReceiveWindow(100)
    expect(window.take(101)).toBe(false)
  })
})
