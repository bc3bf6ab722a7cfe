// Structs that no value can fill: each required member leads to another such struct. Legal to declare, impossible to encode.

import type { IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'

/** Ids of structs that have a finite value, found from the leaves up (one pass over the edges). */
export function finiteStructs(structs: readonly StructDescriptor[]): ReadonlySet<string> {
  const finite = new Set<string>()
  const waiting = new Map<string, number>()
  const dependents = new Map<string, string[]>()
  const ready: string[] = []
  const unions = new Set(structs.filter(({ kind }) => kind === 'union').map(({ id }) => id))
  for (const struct of structs) {
    const needs = needsOf(struct)
    waiting.set(struct.id, needs.length)
    if (needs.length === 0) ready.push(struct.id)
    for (const id of needs) {
      const list = dependents.get(id)
      if (list === undefined) dependents.set(id, [struct.id])
      else list.push(struct.id)
    }
  }
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    if (finite.has(id)) continue
    finite.add(id)
    for (const dependent of dependents.get(id) ?? []) {
      const left = unions.has(dependent) ? 0 : (waiting.get(dependent) ?? 1) - 1
      waiting.set(dependent, left)
      if (left === 0) ready.push(dependent)
    }
  }
  return finite
}

function needsOf({ kind, fields }: StructDescriptor): readonly string[] {
  if (kind !== 'union') return fields.filter((field) => field.requiredness === 'required' && field.defaultValue === undefined).flatMap((field) => structId(field.type))
  const members = fields.map((field) => structId(field.type))
  return members.some((member) => member.length === 0) ? [] : members.flat()
}

// Containers may be empty, so only a struct itself is needed.
const structId = (type: IdlType): readonly string[] => (type.kind === 'struct' ? [type.id] : [])
