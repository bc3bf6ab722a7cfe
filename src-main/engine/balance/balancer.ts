// One instance out of several. A picker tells not only whom it chose but the scores that decided, and it is a function of the seed: the
// same seed over the same list picks the same.

import type { Instance } from '../../../shared/model/instance.ts'

export interface Pick {
  readonly instance: Instance
  /** By address: what each eligible instance had to show at the moment of the pick. */
  readonly scores: ReadonlyMap<string, number>
}

/** Picks for one call; each `next` is one pick further. */
export interface Picker {
  /** Undefined when nobody is eligible. `eligible` must hold for at least the instances that may be picked. */
  next(eligible: (instance: Instance) => boolean): Pick | undefined
}

/** `instances` of weight 0 or less never take part (Kitex drops them). */
export type MakePicker = (instances: readonly Instance[], seed: number) => Picker

export const withWeight = (instances: readonly Instance[]): readonly Instance[] => instances.filter(({ weight }) => weight > 0)
