// What `--type` names: a message by its full name, by its own name where only one has it, or the request or response of a method
// (`Service/Method#args`, `Service/Method#result`).

import { fail, KiteError } from '../../../../shared/base/error.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { IdlSet, StructDescriptor } from '../../../../shared/model/idl.ts'
import { findMethod } from '../../idl/find-method.ts'
import { planMethod } from './method.ts'
import type { MessagePlan } from './plan-model.ts'
import { plansOf } from './plan.ts'

/** Finds a message; the error has the nearest name. */
export function messageByName(idl: IdlSet, name: string): MessagePlan {
  const hash = name.lastIndexOf('#')
  const part = name.slice(hash + 1)
  if (hash > 0 && (part === 'args' || part === 'result')) return methodPart(idl, name.slice(0, hash), part)
  return plansOf(idl).message(messageId(idl, name.replace(/^\./, '')))
}

function methodPart(idl: IdlSet, name: string, part: 'args' | 'result'): MessagePlan {
  const found = findMethod(idl, name)
  if (!found.ok) throw new KiteError(found.error)
  const plans = planMethod(idl, found.value.method)
  return part === 'args' ? plans.request : plans.response
}

function messageId(idl: IdlSet, name: string): string {
  const all = Object.values(idl.structs).filter(({ proto }) => proto !== undefined && proto.mapEntry !== true)
  const exact = all.find(({ id, proto }) => id === name || proto?.fullName === name)
  if (exact !== undefined) return exact.id
  const [first, second] = all.filter(({ proto }) => proto?.fullName.endsWith(`.${name}`) === true)
  if (first === undefined) throw unknownType(name, all)
  if (second === undefined) return first.id
  throw fail('usage', 'idl', 'codec.body.ambiguousType', { name, choices: all.filter(({ proto }) => proto?.fullName.endsWith(`.${name}`) === true).map(fullName) })
}

const fullName = ({ proto, name }: StructDescriptor): string => proto?.fullName ?? name

function unknownType(name: string, all: readonly StructDescriptor[]): KiteError {
  const near = nearest(name, [...all.map(fullName), ...all.map((one) => one.name)])
  const hint = near === undefined ? {} : { hint: { key: 'codec.body.nearest', params: { name: near } } }
  return fail('usage', 'idl', 'protobuf.unknownType', { name: name.slice(0, 80) }, hint)
}
