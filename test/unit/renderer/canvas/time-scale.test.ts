import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundStep, ticksOf } from '../../../../src-renderer/canvas/ticks.ts'
import { panBy, spanOf, toNs, toX, zoomAt, zoomTo } from '../../../../src-renderer/canvas/time-scale.ts'

const full = { startNs: 0, endNs: 1e9 }

describe('the time scale', () => {
  it('keeps the instant under the pointer where it is while zooming', () => {
    fc.assert(fc.property(fc.double({ min: 0.2, max: 0.9, noNaN: true }), fc.double({ min: 0.3, max: 1, noNaN: true }), (share, factor) => {
      const at = full.endNs * share
      const zoomed = zoomAt(full, full, factor, at)
      expect(toX(at, zoomed, 1000)).toBeCloseTo(toX(at, full, 1000), 3)
    }))
  })

  it('never leaves the whole and never gets narrower than 100 ns', () => {
    const zoomed = zoomAt(full, full, 1e-30, 5e8)
    expect(spanOf(zoomed)).toBeCloseTo(100, 5)
    expect(panBy(zoomed, full, 1e12).endNs).toBe(full.endNs)
    expect(panBy(zoomed, full, -1e12).startNs).toBe(0)
    expect(zoomAt(zoomed, full, 1e30, 0)).toEqual(full)
  })

  it('goes from pixels back to time', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4000 }), (x) => {
      expect(toX(toNs(x, full, 4000), full, 4000)).toBeCloseTo(x, 6)
    }))
  })

  it('zooms to an interval with a margin', () => {
    expect(zoomTo({ startNs: 400, endNs: 600 }, { startNs: 0, endNs: 1000 })).toEqual({ startNs: 350, endNs: 650 })
  })
})

describe('ticks', () => {
  it('stand at round instants in one unit', () => {
    expect(ticksOf({ startNs: 0, endNs: 90e6 }, 450, 80).map(({ label }) => label)).toEqual(['0 ms', '20 ms', '40 ms', '60 ms', '80 ms'])
    expect(ticksOf({ startNs: 0, endNs: 3e6 }, 450, 80).map(({ label }) => label)).toEqual(['0 ms', '1 ms', '2 ms', '3 ms'])
    expect(ticksOf({ startNs: 1_200_000, endNs: 1_300_000 }, 400, 80).map(({ label }) => label)).toEqual(['1200 us', '1220 us', '1240 us', '1260 us', '1280 us', '1300 us'])
  })

  it('keep their distance at every zoom', () => {
    fc.assert(fc.property(fc.double({ min: 100, max: 1e13, noNaN: true }), fc.integer({ min: 100, max: 4000 }), (span, width) => {
      const ticks = ticksOf({ startNs: 0, endNs: span }, width, 70)
      for (let index = 1; index < ticks.length; index++) expect((ticks[index]?.x ?? 0) - (ticks[index - 1]?.x ?? 0)).toBeGreaterThan(69.9)
    }))
  })

  it('step by 1, 2 or 5', () => {
    expect([roundStep(1), roundStep(1.1), roundStep(3), roundStep(6), roundStep(0.02)]).toEqual([1, 2, 5, 10, 0.02])
  })
})
