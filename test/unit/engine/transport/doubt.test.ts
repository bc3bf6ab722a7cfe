// When a connection is taken to be lost: somebody gave up and nothing came, until anything comes.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Doubt } from '../../../../src-main/engine/transport/doubt.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const after = (ms: number): number => (vi.advanceTimersByTime(ms), performance.now())

it('is there when nothing came since the stream began, asked for once, and gone with the next word', () => {
  const doubt = new Doubt()
  const began = after(10)
  after(50)
  expect([doubt.gaveUp(began), doubt.isDoubtful, doubt.gaveUp(began)]).toEqual([true, true, false])
  doubt.heard()
  expect(doubt.isDoubtful).toBe(false)
})

it('is not there while others are answered', () => {
  const doubt = new Doubt()
  const began = after(10)
  after(5000)
  doubt.heard()
  after(900)
  expect([doubt.gaveUp(began), doubt.isDoubtful]).toEqual([false, false])
})

it('is there when a stream fell silent long before it was given up', () => {
  const doubt = new Doubt()
  const began = after(10)
  after(10)
  doubt.heard()
  after(1001)
  expect(doubt.gaveUp(began)).toBe(true)
})

it('is not there where one gave up soon and nobody can be asked, but where a second did', () => {
  const doubt = new Doubt(200)
  const began = after(10)
  after(50)
  expect([doubt.gaveUp(began), doubt.isDoubtful]).toEqual([false, false])
  expect(doubt.gaveUp(began)).toBe(true)
  doubt.heard()
  const again = after(10)
  after(200)
  expect(doubt.gaveUp(again)).toBe(true)
})
