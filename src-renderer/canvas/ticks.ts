// Round instants for an axis: steps of 1, 2 or 5 times a power of ten, all labels in one unit so that they can be compared at a glance.

import { spanOf, toX, type TimeRange } from './time-scale.ts'

export interface Tick {
  readonly ns: number
  readonly x: number
  readonly label: string
}

const units = [['s', 1e9], ['ms', 1e6], ['us', 1e3], ['ns', 1]] as const

/** At least `gap` pixels apart. */
export function ticksOf(range: TimeRange, width: number, gap: number): readonly Tick[] {
  if (width < gap) return []
  const step = roundStep((spanOf(range) * gap) / width)
  const [unit, size] = units.find(([, size]) => step >= size) ?? units[3]
  const decimals = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9))
  const found: Tick[] = []
  for (let index = Math.ceil(range.startNs / step - 1e-9); index * step <= range.endNs; index++) {
    const ns = index * step
    found.push({ ns, x: toX(ns, range, width), label: `${(ns / size).toFixed(decimals)} ${unit}` })
  }
  return found
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}
