// Kitex's default: smooth weighted round robin as nginx does it. The sequence repeats after the sum of weights (divided by their greatest
// common divisor), so a position in it is a number: the seed says where a call starts, and the next call goes on from there.

import type { Instance } from '../../../shared/model/instance.ts'
import { withWeight, type MakePicker, type Pick } from './balancer.ts'

/** Positions beyond this repeat early: weights such as 99991 and 3 must not cost millions of steps. */
const maxPeriod = 20_000

export const weightRoundRobin: MakePicker = (all, seed) => {
  const instances = withWeight(all)
  const ring = new Ring(instances)
  ring.skip(seed % Math.min(maxPeriod, periodOf(instances)))
  return {
    next(eligible) {
      if (!instances.some(eligible)) return undefined
      for (;;) {
        const pick = ring.step()
        if (pick === undefined || eligible(pick.instance)) return pick
      }
    },
  }
}

/** How many picks until the sequence repeats; at least 1. */
export function periodOf(instances: readonly Instance[]): number {
  const weights = withWeight(instances).map(({ weight }) => weight)
  const divisor = weights.reduce(gcd, 0)
  return divisor === 0 ? 1 : weights.reduce((sum, weight) => sum + weight, 0) / divisor
}

class Ring {
  readonly #instances: readonly Instance[]
  readonly #current: number[]
  readonly #total: number

  constructor(instances: readonly Instance[]) {
    this.#instances = instances
    this.#current = instances.map(() => 0)
    this.#total = instances.reduce((sum, { weight }) => sum + weight, 0)
  }

  skip(steps: number): void {
    for (let n = 0; n < steps; n += 1) this.#advance()
  }

  step(): Pick | undefined {
    const chosen = this.#advance()
    const instance = this.#instances[chosen]
    if (instance === undefined) return undefined
    const before = this.#current.map((score, n) => (n === chosen ? score + this.#total : score))
    return { instance, scores: new Map(this.#instances.map(({ address }, n) => [address, before[n] ?? 0])) }
  }

  /** Everyone gains its weight; the first with most is chosen and pays the sum. */
  #advance(): number {
    let chosen = -1
    let most = Number.NEGATIVE_INFINITY
    for (let n = 0; n < this.#instances.length; n += 1) {
      const score = (this.#current[n] ?? 0) + (this.#instances[n]?.weight ?? 0)
      this.#current[n] = score
      if (score > most) {
        chosen = n
        most = score
      }
    }
    if (chosen >= 0) this.#current[chosen] = most - this.#total
    return chosen
  }
}

const gcd = (left: number, right: number): number => (right === 0 ? left : gcd(right, left % right))
