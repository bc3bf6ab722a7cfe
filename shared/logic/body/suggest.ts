// What may be written at the cursor: fields of the struct, names of the enum, true and false. Text to insert is complete JSON, with a value
// to start from, so that one key press gives something that parses.

import type { EnumDescriptor, FieldDescriptor, IdlSet, IdlType } from '../../model/idl.ts'
import { stringifyExact } from '../json/write.ts'
import { wellKnown } from './well-known.ts'
import { cursorContext, type CursorContext } from './cursor-context.ts'
import { fieldOfKey, fieldsOf, isWrapped, keyOf, stepInto, type BodyShape, type Spot } from './shape.ts'

/** One suggestion; `start` and `end` are what it replaces. */
export interface Suggestion {
  readonly label: string
  readonly kind: 'field' | 'enum' | 'value'
  /** The type, or an enum's number. */
  readonly detail: string
  readonly doc?: string
  /** With `$0` where the cursor goes; `$` and `}` of the text itself are escaped. */
  readonly snippet: string
  readonly required: boolean
}

/** What a cursor stands on, for hovers. */
export interface BodyHover {
  readonly start: number
  readonly end: number
  readonly signature: string
  readonly doc?: string
}

/** Suggestions at an offset, with the range they replace. */
export function suggestAt(text: string, offset: number, shape: BodyShape): { readonly start: number; readonly end: number; readonly items: readonly Suggestion[] } {
  const context = cursorContext(text, offset)
  const spot = spotAt(context, text, shape)
  const items = spot === undefined ? [] : context.kind === 'key' ? fieldItems(spot, context, shape) : valueItems(spot, shape.set)
  return { start: context.start, end: context.end, items }
}

/** What the IDL says about the key or enum name at an offset. */
export function hoverAt(text: string, offset: number, shape: BodyShape): BodyHover | undefined {
  const context = cursorContext(text, offset)
  if (context.start === context.end) return undefined
  const spot = spotAt(context, text, shape)
  const word = text.slice(context.start, context.end).replace(/^"|"$/g, '')
  if (spot === undefined) return undefined
  const range = { start: context.start, end: context.end }
  if (context.kind === 'key') {
    const field = fieldOfKey(fieldsOf(spot, shape.set) ?? [], word)
    return field === undefined ? undefined : { ...range, signature: fieldSignature(field), ...(field.doc === undefined ? {} : { doc: field.doc }) }
  }
  if (spot.kind === 'args') return undefined
  const member = spot.type.kind === 'enum' ? shape.set.enums[spot.type.id]?.values.find(({ name, value }) => name === word || String(value) === word) : undefined
  return member === undefined ? { ...range, signature: spot.type.written } : { ...range, signature: `${spot.type.written}.${member.name} = ${member.value}`, ...(member.doc === undefined ? {} : { doc: member.doc }) }
}

export const fieldSignature = ({ id, requiredness, type, name, defaultValue }: FieldDescriptor): string =>
  `${id}: ${requiredness === 'default' ? '' : `${requiredness} `}${type.written} ${name}${defaultValue === undefined ? '' : ` = ${stringifyExact(defaultValue)}`}`

function spotAt(context: CursorContext, text: string, shape: BodyShape): Spot | undefined {
  const rootKeys = cursorContext(text, text.length).keys
  const first = context.path[0]
  const wrapped = typeof first === 'string' && isWrapped(shape, [first]) && (rootKeys.length <= 1)
  let spot: Spot | undefined = wrapped && shape.wrapped !== undefined ? { kind: 'args', fields: [shape.wrapped] } : shape.root
  for (const step of context.path) spot = spot === undefined ? undefined : stepInto(spot, step, shape.set)
  return spot
}

function fieldItems(spot: Spot, context: CursorContext, shape: BodyShape): readonly Suggestion[] {
  const fields = fieldsOf(spot, shape.set)
  if (fields === undefined) return spot.kind === 'typed' && spot.type.kind === 'map' && spot.type.key.kind === 'enum' ? enumItems(shape.set.enums[spot.type.key.id], context.hasColon ? '' : ': $0') : []
  return fields.filter((field) => !context.keys.includes(keyOf(field)) && !context.keys.includes(field.name)).map((field) => ({
    label: keyOf(field), kind: 'field', detail: `${field.requiredness === 'required' ? 'required ' : ''}${field.type.written}`, required: field.requiredness === 'required',
    snippet: context.hasColon ? `"${keyOf(field)}"` : `"${keyOf(field)}": ${starter(field.type, shape.set)}`, ...(field.doc === undefined ? {} : { doc: field.doc }),
  }))
}

function valueItems(spot: Spot, set: IdlSet): readonly Suggestion[] {
  if (spot.kind === 'args') return []
  switch (spot.type.kind) {
    case 'enum': return enumItems(set.enums[spot.type.id], '')
    case 'bool': return ['true', 'false'].map((label) => ({ label, kind: 'value', detail: 'bool', snippet: label, required: false }))
    case 'double': case 'float': return ['"NaN"', '"Infinity"', '"-Infinity"'].map((label) => ({ label, kind: 'value', detail: spot.type.kind, snippet: label, required: false }))
    case 'struct': return wellKnown(set.structs[spot.type.id]) === undefined ? [{ label: '{}', kind: 'value', detail: spot.type.written, snippet: '{$0\\}', required: false }] : [{ label: spot.type.written, kind: 'value', detail: '', snippet: starter(spot.type, set), required: false }]
    case 'map': return [{ label: '{}', kind: 'value', detail: spot.type.written, snippet: '{$0\\}', required: false }]
    case 'list': case 'set': return [{ label: '[]', kind: 'value', detail: spot.type.written, snippet: '[$0]', required: false }]
    default: return []
  }
}

const enumItems = (descriptor: EnumDescriptor | undefined, after: string): readonly Suggestion[] =>
  (descriptor?.values ?? []).map(({ name, value, doc }) => ({ label: name, kind: 'enum', detail: String(value), snippet: `"${name}"${after}`, required: false, ...(doc === undefined ? {} : { doc }) }))

/** A value to start from; enums and booleans are left to the next suggestion. */
function starter(type: IdlType, set: IdlSet): string {
  switch (type.kind) {
    case 'string': case 'binary': case 'uuid': return '"$0"'
    case 'struct': return wellKnown(set.structs[type.id])?.starter ?? '{$0\\}'
    case 'map': return '{$0\\}'
    case 'list': case 'set': return '[$0]'
    case 'i8': case 'i16': case 'i32': case 'i64': case 'u32': case 'u64': return '${0:0}'
    case 'double': case 'float': return '${0:0.0}'
    case 'enum': {
      const first = set.enums[type.id]?.values[0]?.name
      return first === undefined ? '$0' : `"\${0:${first}}"`
    }
    default: return '$0'
  }
}
