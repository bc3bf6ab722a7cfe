// A body to start from: everything that must be there, filled with plain values, so that it encodes as it stands. Deterministic,
// since mocks answer with it and people compare. Text, because its integers may have more digits than a number holds.

import { stringifyExact } from '../../../shared/logic/json/write.ts'
import type { ConstValue, FieldDescriptor, IdlSet, IdlType, MethodDescriptor, StructDescriptor } from '../../../shared/model/idl.ts'
import { exampleFields, wellKnownExample } from './proto/example-values.ts'
import { finiteStructs } from './thrift/endless.ts'
import { hasObjectForm } from './thrift/resolve-const.ts'

const toText = (value: ConstValue): string => stringifyExact(value, 2)

/** Beyond this many values optional parts are left out, so that a wide tree of structs stays a page and not a gigabyte. */
const softLimit = 400
const hardLimit = 5_000
/** Structs within structs: codecs refuse deeper values anyway. */
const depthLimit = 48

/** The body of a method: its only argument itself, or an object by argument name where there are several or none. */
export function exampleBody(idl: IdlSet, method: MethodDescriptor): string {
  const example = new Example(idl)
  const [only, ...others] = method.args
  if (only !== undefined && others.length === 0) return toText(example.valueOf(only.type, only.name, only.defaultValue))
  return toText(Object.fromEntries(method.args.map((arg) => [arg.name, example.valueOf(arg.type, arg.name, arg.defaultValue)])))
}

/** JSON text of an example of any type, such as a reply; `null` for void. */
export function exampleValueOf(idl: IdlSet, type: IdlType, name = 'text'): string {
  return type.kind === 'void' ? 'null' : toText(new Example(idl).valueOf(type, name))
}

class Example {
  readonly #idl: IdlSet
  readonly #open = new Set<string>()
  #finite: ReadonlySet<string> | undefined
  #count = 0

  constructor(idl: IdlSet) {
    this.#idl = idl
  }

  valueOf(type: IdlType, name: string, defaultValue?: ConstValue): ConstValue {
    this.#count++
    if (defaultValue !== undefined) return defaultValue
    switch (type.kind) {
      case 'bool':
        return true
      case 'i8':
      case 'i16':
      case 'i32':
      case 'i64':
      case 'u32':
      case 'u64':
        return 1
      case 'double':
      case 'float':
        return 1.5
      case 'string':
        return name
      case 'binary':
        return Buffer.from(name, 'utf8').toString('base64')
      case 'uuid':
        return '00000000-0000-4000-8000-000000000001'
      case 'enum':
        return this.#enumValue(type.id)
      case 'list':
      case 'set':
        return this.#fits(type.element) ? [this.valueOf(type.element, name)] : []
      case 'map':
        return this.#map(type, name)
      case 'struct':
        return this.#struct(type.id)
      case 'void':
        return {}
    }
  }

  // In Protobuf zero often means that nothing is set, so another value shows more.
  #enumValue(id: string): ConstValue {
    const one = this.#idl.enums[id]
    const shown = one?.proto === undefined ? undefined : one.values.find(({ value }) => value !== 0)
    return (shown ?? one?.values[0])?.name ?? 0
  }

  #map(type: IdlType & { readonly kind: 'map' }, name: string): ConstValue {
    const isObject = hasObjectForm(type.key)
    if (!this.#fits(type.key) || !this.#fits(type.value)) return isObject ? {} : []
    const key = this.valueOf(type.key, 'key')
    const value = this.valueOf(type.value, name)
    return isObject ? Object.fromEntries([[String(key), value]]) : [[key, value]]
  }

  #struct(id: string): ConstValue {
    const struct = this.#idl.structs[id]
    if (struct === undefined || this.#open.has(id) || this.#open.size > depthLimit || this.#count > hardLimit) return {}
    const known = struct.proto === undefined ? undefined : wellKnownExample(struct.proto.fullName)
    if (known !== undefined) return known
    this.#open.add(id)
    if (struct.proto !== undefined) {
      const message = this.#message(struct)
      this.#open.delete(id)
      return message
    }
    const fields = struct.kind === 'union' ? this.#unionMember(struct) : struct.fields.filter((field) => this.#isShown(field))
    const value = Object.fromEntries(fields.map((field) => [field.name, this.valueOf(field.type, field.name, field.defaultValue)]))
    this.#open.delete(id)
    return value
  }

  #message(struct: StructDescriptor): ConstValue {
    const fields = exampleFields(struct, this.#idl, ({ type }) => this.#fits(type))
    return Object.fromEntries(fields.map((field) => [field.proto?.jsonName ?? field.name, this.valueOf(field.type, field.name, field.defaultValue)]))
  }

  #isShown(field: FieldDescriptor): boolean {
    if (field.requiredness === 'required') return true
    return field.requiredness === 'default' && (field.defaultValue !== undefined || this.#fits(field.type))
  }

  // The member with a default if there is one, else the first that leads to an end.
  #unionMember(struct: StructDescriptor): readonly FieldDescriptor[] {
    const member = struct.fields.find((field) => field.defaultValue !== undefined) ?? struct.fields.find((field) => this.#fits(field.type) && this.#isFinite(field.type)) ?? struct.fields[0]
    return member === undefined ? [] : [member]
  }

  /** Whether a value of this type may be added here: it does not come back to a struct that is open, and there is room. */
  #fits(type: IdlType): boolean {
    if (this.#count > softLimit) return false
    return type.kind !== 'struct' || (!this.#leadsBack(type.id) && this.#isFinite(type))
  }

  // Through required fields only: other ways back are cut when they are reached.
  #leadsBack(id: string, seen = new Set<string>()): boolean {
    if (this.#open.has(id)) return true
    if (seen.has(id) || seen.size > 1000) return false
    seen.add(id)
    const struct = this.#idl.structs[id]
    if (struct === undefined || struct.kind === 'union') return false
    return struct.fields.some((field) => field.requiredness === 'required' && field.defaultValue === undefined && field.type.kind === 'struct' && this.#leadsBack(field.type.id, seen))
  }

  #isFinite(type: IdlType): boolean {
    if (type.kind !== 'struct') return true
    this.#finite ??= finiteStructs(Object.values(this.#idl.structs))
    return this.#finite.has(type.id)
  }
}
