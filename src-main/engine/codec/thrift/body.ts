// The JSON body of a method against its argument struct: one argument is the body itself, as in Kitex's generic calls; several, or
// none, are an object by argument name (cli.md "Values as JSON").

import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { BodyFault } from '../common/fault.ts'
import { convert, emptyObject, readBody, type BodyOptions } from '../common/read-body.ts'
import { fromJson, structFromJson } from './from-json.ts'
import type { FieldPlan, StructPlan, TypePlan } from './plan-model.ts'
import type { ThriftStruct, ThriftValue } from './value.ts'

/** The argument struct that a body stands for. */
export function argumentsFromBody(plan: StructPlan, text: string, options: BodyOptions): ThriftStruct {
  const [only] = plan.fields
  if (plan.fields.length === 1 && only !== undefined) return soleArgument(plan, only, text, options)
  const root = text.trim() === '' ? emptyObject : readBody(text, options)
  return convert(text, root, options, (reading) => {
    if (root.kind === 'null' && plan.fields.length === 0) return new plan.shape()
    if (root.kind !== 'object') throw new BodyFault(root, 'codec.body.argumentsNeedObject', { names: plan.fields.map(({ name }) => name).join(', '), found: root.kind })
    return structFromJson(plan, root, reading)
  })
}

function soleArgument(plan: StructPlan, field: FieldPlan, text: string, options: BodyOptions): ThriftStruct {
  if (field.type.kind === 'string') {
    const bare = bareString(field, text)
    if (bare !== undefined) return withArgument(plan, field, bare)
  }
  const root = readBody(text, options)
  return convert(text, root, options, (reading) => {
    if (isWrapped(field, root)) return structFromJson(plan, root, reading)
    if (root.kind === 'null') return structFromJson(plan, { ...emptyObject, start: root.start }, reading)
    return withArgument(plan, field, fromJson(field.type, root, reading))
  })
}

/** One message of a stream: its struct, or `{"req": …}` by the name of the method's argument where that cannot be meant otherwise. */
export function messageFromBody(plan: StructPlan, argument: FieldPlan | undefined, text: string, options: BodyOptions): ThriftStruct {
  const root = text.trim() === '' ? emptyObject : readBody(text, options)
  return convert(text, root, options, (reading) => {
    const inner = argument !== undefined && isWrapped(argument, root) ? (root.members[0]?.value ?? root) : root
    if (inner.kind !== 'object' && inner.kind !== 'null') throw new BodyFault(inner, 'codec.body.expected.struct', { type: plan.name, found: inner.kind })
    return structFromJson(plan, inner.kind === 'null' ? { ...emptyObject, start: inner.start } : inner, reading)
  })
}

function withArgument(plan: StructPlan, field: FieldPlan, value: ThriftValue): ThriftStruct {
  const args = new plan.shape()
  args[field.property] = value
  return args
}

/**
 * A `string` argument takes raw text, as in Kitex; what begins like a JSON string or names the argument is read as JSON. The line break
 * that editors and `echo` leave at the end is not meant.
 */
function bareString(field: FieldPlan, body: string): string | undefined {
  const text = body.replace(/\r?\n$/, '')
  const first = text.trimStart().charAt(0)
  if (first === '"') return undefined
  if (first !== '{' && first !== '[') return text === 'null' ? undefined : text
  const { root } = readJson(text)
  return root === undefined || isWrapped(field, root) ? undefined : text
}

/** `{"req": {…}}` for the only argument `req`, where the body itself could not mean that. */
export function isWrapped({ name, type }: FieldPlan, root: JsonNode): root is JsonObject {
  if (root.kind !== 'object' || root.members.length !== 1 || root.members[0]?.key !== name) return false
  if (type.kind === 'struct') return !type.struct.byName.has(name)
  return type.kind !== 'map' || keyIsNumber(type.key)
}

const keyIsNumber = ({ kind }: TypePlan): boolean => kind === 'i8' || kind === 'i16' || kind === 'i32' || kind === 'i64' || kind === 'double'
