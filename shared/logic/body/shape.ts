// What a method's body may hold (cli.md "Values as JSON"): its only argument itself, or an object by argument name where there are several
// or none. `{"req": {…}}` for a single argument named `req` is understood too.

import type { FieldDescriptor, IdlSet, IdlType, MethodDescriptor } from '../../model/idl.ts'
import type { JsonNode } from '../json/node.ts'
import { wellKnown } from './well-known.ts'

/** A place in a body: a typed value, or the object of arguments that no type of the IDL names. */
export type Spot = { readonly kind: 'typed'; readonly type: IdlType } | { readonly kind: 'args'; readonly fields: readonly FieldDescriptor[] }

/** What the editor knows of a body. */
export interface BodyShape {
  readonly root: Spot
  /** Of a single argument: the object form `{"req": …}` that is read too. */
  readonly wrapped: FieldDescriptor | undefined
  /** The text holds messages of a stream, one after another. */
  readonly isMany?: boolean
  readonly set: IdlSet
}

/** The shape of a method's body. */
export function bodyShape(method: MethodDescriptor, set: IdlSet): BodyShape {
  const only = method.args.length === 1 ? method.args[0] : undefined
  // A Protobuf body is the message; its one argument is a name of ours.
  const isProto = only?.type.kind === 'struct' && set.structs[only.type.id]?.proto !== undefined
  return { root: only === undefined ? { kind: 'args', fields: method.args } : { kind: 'typed', type: only.type }, wrapped: isProto ? undefined : only, ...(method.kind === 'client' || method.kind === 'bidi' ? { isMany: true } : {}), set }
}

/** Messages that no IDL describes: each is any JSON. */
export const anyMessages: BodyShape = {
  root: { kind: 'typed', type: { kind: 'void', written: 'void' } }, wrapped: undefined, isMany: true, set: { files: [], services: [], structs: {}, enums: {}, diagnostics: [] },
}

/** Fields that a spot has as an object; undefined where it is no struct. */
export function fieldsOf(spot: Spot, set: IdlSet): readonly FieldDescriptor[] | undefined {
  if (spot.kind === 'args') return spot.fields
  const struct = spot.type.kind === 'struct' ? set.structs[spot.type.id] : undefined
  if (wellKnown(struct) !== undefined) return undefined
  const extensions = struct?.proto?.extensions ?? []
  return struct === undefined || extensions.length === 0 ? struct?.fields : [...struct.fields, ...extensions]
}

/** The key of a field in a body: its name, in Protobuf the JSON name, of an extension its full name in brackets. */
export const keyOf = ({ name, proto }: FieldDescriptor): string => (proto?.extension !== undefined ? `[${proto.extension}]` : proto?.jsonName ?? name)

/** The field of a key; Protobuf's original names are understood too. */
export const fieldOfKey = (fields: readonly FieldDescriptor[], key: string | number): FieldDescriptor | undefined => fields.find((field) => keyOf(field) === key || field.name === key)

/** True when an object is written in the wrapped form: its one key names the argument and no field of it. */
export function isWrapped(shape: BodyShape, keys: readonly string[]): boolean {
  const { wrapped, root, set } = shape
  if (wrapped === undefined || keys.length !== 1 || keys[0] !== wrapped.name) return false
  return !(fieldsOf(root, set) ?? []).some(({ name }) => name === wrapped.name)
}

/** The spot that a text's root stands for. */
export function rootSpot(shape: BodyShape, root: JsonNode | undefined): Spot {
  const keys = root?.kind === 'object' ? root.members.map(({ key }) => key) : []
  return isWrapped(shape, keys) && shape.wrapped !== undefined ? { kind: 'args', fields: [shape.wrapped] } : shape.root
}

/** One step into a value: by field name or map key, or into an element. */
export function stepInto(spot: Spot, key: string | number, set: IdlSet): Spot | undefined {
  const fields = fieldsOf(spot, set)
  if (fields !== undefined) {
    const field = fieldOfKey(fields, key)
    return field === undefined ? undefined : { kind: 'typed', type: field.type }
  }
  if (spot.kind === 'args') return undefined
  const { type } = spot
  if (type.kind === 'list' || type.kind === 'set') return { kind: 'typed', type: type.element }
  if (type.kind === 'map' && typeof key === 'string') return { kind: 'typed', type: type.value }
  return undefined
}

/** Name of a spot's type as written in the IDL. */
export const spotName = (spot: Spot): string => (spot.kind === 'args' ? 'arguments' : spot.type.written)
