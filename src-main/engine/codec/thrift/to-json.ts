// Thrift values to JSON text, written straight into a string: no intermediate tree, every digit exact (cli.md "Values as JSON").
// Doubtful things only raise a flag here; who wants to know where they are asks warnings.ts, so that clean values pay nothing.

import { assertNever } from '../../../../shared/base/assert.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { ValueFormat } from '../codec.ts'
import { doubleText } from '../common/float-text.ts'
import { decodeUtf8, hasEscapedBytes } from '../common/text.ts'
import { defaultOf, zeroOf } from './from-json.ts'
import type { FieldPlan, StructPlan, TypePlan } from './plan-model.ts'
import { unknownToJson } from './unknown-json.ts'
import { asBytes, asList, asMap, asNumber, asStruct, asText, fieldOf, type ThriftMap, type ThriftStruct, type ThriftValue } from './value.ts'

/** Writes values in one format; `doubtful` is set when something deserves a warning. */
export class JsonText {
  doubtful = false
  readonly #format: ValueFormat

  constructor(format: ValueFormat) {
    this.#format = format
  }

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
        return doubleText(asNumber(value))
      case 'string':
        return this.#string(asText(value))
      case 'binary':
        return this.#binary(asBytes(value))
      case 'uuid':
        return `"${asText(value)}"`
      case 'enum': {
        const name = this.#format.enums === 'name' ? type.enum.byValue.get(asNumber(value)) : undefined
        return name === undefined ? String(value) : quoteJson(name)
      }
      case 'list':
        return this.#list(type.element, asList(value)).text
      case 'set':
        return this.#set(type.element, asList(value))
      case 'map':
        return this.#map(type, asMap(value))
      case 'struct':
        return this.struct(type.struct, asStruct(value))
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
      const member = fieldOf(value, field)
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
    const items = values.map((value) => this.value(element, value))
    return { text: `[${items.join(',')}]`, items }
  }

  #set(element: TypePlan, values: readonly ThriftValue[]): string {
    const { text, items } = this.#list(element, values)
    if (items.length > 1 && new Set(items).size !== items.length) this.doubtful = true
    return text
  }

  #map(type: TypePlan & { kind: 'map' }, { keys, values }: ThriftMap): string {
    const names = keys.map((key) => this.value(type.key, key))
    const texts = values.map((value) => this.value(type.value, value))
    const repeats = names.length > 1 && new Set(names).size !== names.length
    if (repeats) this.doubtful = true
    const isObject = hasObjectForm(type.key) && !repeats
    let text = ''
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? ''
      const value = texts[i] ?? ''
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
