// What `--type` names: a struct, or the arguments or result of a method (`Service/Method#args`, `Service/Method#result`).

import { fail, KiteError } from '../../../shared/base/error.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { findMethod } from '../idl/find-method.ts'
import { nearest } from '../../../shared/logic/nearest.ts'
import { planMethod } from './thrift/method-plans.ts'
import type { StructPlan } from './thrift/plan-model.ts'
import { plansOf } from './thrift/plan.ts'

/** A named type; `part` tells how a body of it may be written. */
export interface NamedType {
  readonly plan: StructPlan
  readonly part: 'struct' | 'args' | 'result'
}

/** Finds a type; the error has the nearest name. */
export function typeByName(idl: IdlSet, name: string): NamedType {
  const hash = name.lastIndexOf('#')
  const part = name.slice(hash + 1)
  if (hash > 0 && (part === 'args' || part === 'result')) return { plan: methodPart(idl, name.slice(0, hash), part), part }
  return { plan: plansOf(idl).struct(structId(idl, name)), part: 'struct' }
}

function methodPart(idl: IdlSet, name: string, part: 'args' | 'result'): StructPlan {
  const found = findMethod(idl, name)
  if (!found.ok) throw new KiteError(found.error)
  return planMethod(plansOf(idl), found.value.service, found.value.method)[part]
}

// An id in full, a name alone, or a name behind its file's stem as other files write it (`base.User`).
function structId(idl: IdlSet, name: string): string {
  if (Object.hasOwn(idl.structs, name)) return name
  const all = Object.values(idl.structs)
  const matching = all.filter((struct) => struct.name === name || qualifiedName(struct) === name)
  const [first, second] = matching
  if (first !== undefined && second === undefined) return first.id
  if (first !== undefined) throw fail('usage', 'idl', 'codec.body.ambiguousType', { name, choices: matching.map(({ id }) => id) })
  const near = nearest(name, all.map((struct) => struct.name))
  const hint = near === undefined ? {} : { hint: { key: 'codec.body.nearest', params: { name: near } } }
  throw fail('usage', 'idl', 'codec.body.unknownType', { name: name.slice(0, 80) }, hint)
}

function qualifiedName({ id, name }: { readonly id: string; readonly name: string }): string {
  const stem = id.slice(0, id.lastIndexOf('#')).replace(/^.*[\\/]/, '').replace(/\.\w+$/, '')
  return `${stem}.${name}`
}
