// Kitex's weight_random: a number below the sum of weights, and whoever's interval holds it. The interval's share is the score.

import { withWeight, type MakePicker } from './balancer.ts'
import { seeded } from '../kernel/random.ts'

export const weightRandom: MakePicker = (all, seed) => {
  const random = seeded(seed)
  const instances = withWeight(all)
  return {
    next(eligible) {
      const taking = instances.filter(eligible)
      const sum = taking.reduce((total, { weight }) => total + weight, 0)
      const scores = new Map(taking.map(({ address, weight }) => [address, weight / sum]))
      let left = random() * sum
      for (const instance of taking) {
        left -= instance.weight
        if (left < 0) return { instance, scores }
      }
      const last = taking.at(-1)
      return last === undefined ? undefined : { instance: last, scores }
    },
  }
}
