// The balancers by Kitex's names. Adding one is its file and a line here (and its name in shared/model/call.ts).

import type { CallPolicy } from '../../../shared/model/call.ts'
import type { MakePicker } from './balancer.ts'
import { weightRandom } from './weight-random.ts'
import { weightRoundRobin } from './weight-round-robin.ts'

export const balancers: Readonly<Record<CallPolicy['balancer'], MakePicker>> = {
  weight_round_robin: weightRoundRobin,
  weight_random: weightRandom,
}
