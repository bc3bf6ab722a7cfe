// Messages to JSON text as ProtoJSON writes them, straight into a string: no intermediate tree, every digit exact. Doubtful things only
// raise a flag here; who wants to know where they are asks warnings.ts, so that clean messages pay nothing.

import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { DecodeLimits, ValueFormat } from '../codec.ts'
import { doubleText, floatText } from '../common/float-text.ts'
import { decodeUtf8, hasEscapedBytes } from '../common/text.ts'
import type { EnumPlan, FieldPlan, MessagePlan, ValuePlan } from './plan-model.ts'
import { defaultLimits } from './reader.ts'
import { unknownToJson } from './unknown-json.ts'
import { asBytes, asList, asMap, asMessage, asNumber, asText, fieldOf, type MessageValue, type ProtoKey, type ProtoValue } from './value.ts'
import { wellKnownText } from './well-known-to-json.ts'
import { nullValueName } from './well-known.ts'

/** What goes over a wire rather than to a reader: nothing that only we understand. */
export const wireFormat: ValueFormat = { int64: 'string', enums: 'name', binary: 'base64', defaults: false }

/** Writes messages in one format; `doubtful` is set when something deserves a warning. */
export class JsonText {
  doubtful = false
  readonly format: ValueFormat
  readonly limits: DecodeLimits
  readonly #showUnknown: boolean
  /** Messages that are open. */
  depth = 0

  constructor(format: ValueFormat, { showUnknown = true, limits = defaultLimits }: { readonly showUnknown?: boolean; readonly limits?: DecodeLimits } = {}) {
    this.format = format
    this.limits = limits
    this.#showUnknown = showUnknown
  }

  message(plan: MessagePlan, value: MessageValue): string {
    this.depth++
    const special = plan.wellKnown === undefined ? undefined : wellKnownText(this, plan, plan.wellKnown, value)
    const text = special ?? `{${this.members(plan, value)}}`
    this.depth--
    return text
  }

  /** The members of a message as an object, without braces. */
  members(plan: MessagePlan, value: MessageValue): string {
    let text = ''
    for (const field of plan.fields) {
      const member = fieldOf(value, field)
      const shown = member === undefined ? this.#absent(field) : this.#field(field, member)
      if (shown !== undefined) text += text === '' ? field.jsonKey + shown : `,${field.jsonKey}${shown}`
    }
    if (value.$unknown === undefined) return text
    this.doubtful = true
    return this.#showUnknown ? `${text}${text === '' ? '' : ','}"$unknown":${unknownToJson(value.$unknown)}` : text
  }

  /** A value of a field, element or map entry. */
  value(plan: ValuePlan, value: ProtoValue): string {
    switch (plan.kind) {
      case 'message':
        return this.message(plan.message, asMessage(value))
      case 'enum':
        return this.#enum(plan.enum, asNumber(value))
      case 'scalar':
        return this.#scalar(plan, value)
    }
  }

  #scalar({ type, validateUtf8 }: ValuePlan & { kind: 'scalar' }, value: ProtoValue): string {
    switch (type) {
      case 'string':
        return validateUtf8 ? quoteJson(asText(value)) : this.#looseString(asText(value))
      case 'bytes':
        return this.#bytes(asBytes(value))
      case 'double':
        return doubleText(asNumber(value))
      case 'float':
        return floatText(asNumber(value))
      case 'int64':
      case 'uint64':
      case 'sint64':
      case 'fixed64':
      case 'sfixed64':
        return this.format.int64 === 'string' ? `"${String(value)}"` : String(value)
      default:
        return String(value)
    }
  }

  // Required fields are missed; fields without presence are shown as zeros only on demand, extensions never.
  #absent(field: FieldPlan): string | undefined {
    if (field.presence === 'required') this.doubtful = true
    if (!this.format.defaults || field.isExtension) return undefined
    if (field.shape === 'repeated') return '[]'
    if (field.shape === 'map') return '{}'
    return field.presence === 'implicit' ? this.#zero(field.value) : undefined
  }

  #zero(plan: ValuePlan): string {
    if (plan.kind === 'enum') return this.#enum(plan.enum, plan.enum.first)
    const { type } = plan
    return type === 'bool' ? 'false' : type === 'string' || type === 'bytes' ? '""' : this.value(plan, 0)
  }

  #field(field: FieldPlan, value: ProtoValue): string | undefined {
    if (field.shape === 'single') return this.value(field.value, value)
    if (field.shape === 'repeated') {
      const list = asList(value)
      return list.length === 0 ? this.#absent(field) : this.list(field.value, list)
    }
    const map = asMap(value)
    return map.size === 0 ? this.#absent(field) : this.map(field.value, map)
  }

  list(element: ValuePlan, values: readonly ProtoValue[]): string {
    let text = ''
    for (const value of values) text += text === '' ? this.value(element, value) : `,${this.value(element, value)}`
    return `[${text}]`
  }

  map(plan: ValuePlan, entries: ReadonlyMap<ProtoKey, ProtoValue>): string {
    let text = ''
    for (const [key, value] of entries) {
      const name = typeof key === 'string' ? this.#looseString(key) : `"${String(key)}"`
      text += `${text === '' ? '' : ','}${name}:${this.value(plan, value)}`
    }
    return `{${text}}`
  }

  #enum(plan: EnumPlan, number: number): string {
    if (plan.fullName === nullValueName && number === 0) return 'null'
    const name = this.format.enums === 'name' ? plan.byValue.get(number) : undefined
    return name === undefined ? String(number) : quoteJson(name)
  }

  #looseString(value: string): string {
    const text = quoteJson(value)
    if (text.length !== value.length + 2 && hasEscapedBytes(value)) this.doubtful = true
    return text
  }

  #bytes(value: Buffer): string {
    const { binary } = this.format
    return binary === 'utf8' ? quoteJson(decodeUtf8(value, 0, value.length)) : `"${value.toString(binary)}"`
  }
}
