// Thrift values to JSON text, written straight into a string: no intermediate tree, every digit exact (cli.md "Values as JSON").
// Doubtful things only raise a flag here; who wants to know where they are asks warnings.ts, so that clean values pay nothing.

import { assertNever } from '../../../../shared/base/assert.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { ValueFormat } from '../codec.ts'
import { defaultOf, zeroOf } from './from-json.ts'
import type { FieldPlan, StructPlan, TypePlan } from './plan.ts'
import { decodeUtf8, hasEscapedBytes } from './text.ts'
import { doubleText, unknownToJson } from './unknown-json.ts'
import type { ThriftMap, ThriftStruct, ThriftValue } from './value.ts'

/** Writes values in one format; `doubtful` is set when something deserves a warning. */
export class JsonText {
  doubtful = false
  readonly #format: ValueFormat

  constructor(format: ValueFormat) {
    this.#format = format
  }

  // Values come from a compiled decoder or from-json.ts, so their JavaScript types follow from the plan.
  value(type: TypePlan, value: ThriftValue): string {
    switch (type.kind) {
      case 'bool':
      case 'i8':
      case 'i16':
      case 'i32':
        return String(value)
      case 'i64':
        return this.#format.int64 === 'string' ? `"${String(value)}"` : String(value)
      case 'double':
        return doubleText(value as number)
      case 'string':
        return this.#string(value as string)
      case 'binary':
        return this.#binary(value as Buffer)
      case 'uuid':
        return `"${value as string}"`
      case 'enum': {
        const name = this.#format.enums === 'name' ? type.enum.byValue.get(value as number) : undefined
        return name === undefined ? String(value) : quoteJson(name)
      }
      case 'list':
        return this.#list(type.element, value as readonly ThriftValue[]).text
      case 'set':
        return this.#set(type.element, value as readonly ThriftValue[])
      case 'map':
        return this.#map(type, value as ThriftMap)
      case 'struct':
        return this.struct(type.struct, value as ThriftStruct)
      case 'void':
        return 'null'
      default:
        return assertNever(type)
    }
  }

  /** A struct as an object by field name in id order. */
  struct(plan: StructPlan, value: ThriftStruct): string {
    let text = ''
    let count = 0
    for (const field of plan.fields) {
      const member = value[field.property] as ThriftValue | undefined
      if (member !== undefined) {
        count++
        text += `${text === '' ? '' : ','}${quoteJson(field.name)}:${this.value(field.type, member)}`
      } else {
        if (field.requiredness === 'required') this.doubtful = true
        if (this.#format.defaults && plan.kind !== 'union') text += `${text === '' ? '' : ','}${quoteJson(field.name)}:${this.#absent(field)}`
      }
    }
    if (value.$unknown !== undefined) {
      this.doubtful = true
      text += `${text === '' ? '' : ','}"$unknown":${unknownToJson(value.$unknown)}`
    } else if (plan.kind === 'union' && count !== 1) this.doubtful = true
    return `{${text}}`
  }

  // An optional field without a default has no value to show; null reads back as absent.
  #absent(field: FieldPlan): string {
    const value = defaultOf(field) ?? (field.requiredness === 'optional' ? undefined : zeroOf(field.type))
    return value === undefined ? 'null' : this.value(field.type, value)
  }

  #string(value: string): string {
    const text = quoteJson(value)
    if (text.length !== value.length + 2 && hasEscapedBytes(value)) this.doubtful = true
    return text
  }

  #binary(value: Buffer): string {
    const { binary } = this.#format
    if (binary !== 'utf8') return `"${value.toString(binary)}"`
    return quoteJson(decodeUtf8(value, 0, value.length))
  }

  #list(element: TypePlan, values: readonly ThriftValue[]): { readonly text: string; readonly items: readonly string[] } {
    const items: string[] = new Array(values.length)
    for (let i = 0; i < values.length; i++) items[i] = this.value(element, values[i] as ThriftValue)
    return { text: `[${items.join(',')}]`, items }
  }

  #set(element: TypePlan, values: readonly ThriftValue[]): string {
    const { text, items } = this.#list(element, values)
    if (items.length > 1 && new Set(items).size !== items.length) this.doubtful = true
    return text
  }

  #map(type: TypePlan & { kind: 'map' }, { keys, values }: ThriftMap): string {
    const names: string[] = new Array(keys.length)
    for (let i = 0; i < keys.length; i++) names[i] = this.value(type.key, keys[i] as ThriftValue)
    const repeats = names.length > 1 && new Set(names).size !== names.length
    if (repeats) this.doubtful = true
    const isObject = hasObjectForm(type.key) && !repeats
    let text = ''
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? ''
      const value = this.value(type.value, values[i] as ThriftValue)
      const comma = i === 0 ? '' : ','
      text += isObject ? `${comma}${name.startsWith('"') ? name : `"${name}"`}:${value}` : `${comma}[${name},${value}]`
    }
    return isObject ? `{${text}}` : `[${text}]`
  }
}

/** Keys that fit in a JSON object: string, number, bool or enum. A map that repeats a key is written as pairs, or it would lose one. */
export function hasObjectForm({ kind }: TypePlan): boolean {
  return kind !== 'binary' && kind !== 'uuid' && kind !== 'list' && kind !== 'set' && kind !== 'map' && kind !== 'struct' && kind !== 'void'
}
