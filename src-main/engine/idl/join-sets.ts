// Several loaded sets as one: files of this machine beside what servers say of themselves. What the first of them declares stays.

import type { IdlSet } from '../../../shared/model/idl.ts'

/** Joined in the order given. */
export function joinSets(sets: readonly IdlSet[]): IdlSet {
  const reversed = sets.toReversed()
  return {
    files: sets.flatMap(({ files }) => files),
    services: sets.flatMap(({ services }, index) => services.filter(({ name }) => !sets.slice(0, index).some((before) => before.services.some((one) => one.name === name)))),
    structs: Object.fromEntries(reversed.flatMap(({ structs }) => Object.entries(structs))),
    enums: Object.fromEntries(reversed.flatMap(({ enums }) => Object.entries(enums))),
    diagnostics: sets.flatMap(({ diagnostics }) => diagnostics),
  }
}
