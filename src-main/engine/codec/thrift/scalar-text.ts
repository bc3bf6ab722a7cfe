// Integers as the byte view shows them: an enum's name beside its number.

import type { TypePlan } from './plan-model.ts'

/** `BLUE (3)` where the IDL knows the value's enum. */
export function integerText(value: number, plan: TypePlan | undefined): string {
  const name = plan?.kind === 'enum' ? plan.enum.byValue.get(value) : undefined
  return name === undefined ? String(value) : `${name} (${value})`
}
