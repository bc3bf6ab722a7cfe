// Where decoded messages are doubtful: a second walk that carries the path, made only when writing the JSON raised its flag.

import type { ErrorData, TextParams } from '../../../../shared/base/error.ts'
import { joinPath, memberStep } from '../../../../shared/logic/json/path.ts'
import type { DecodeLimits } from '../codec.ts'
import { hasEscapedBytes } from '../common/text.ts'
import { decodeAny } from './any.ts'
import type { FieldPlan, MessagePlan, ValuePlan } from './plan-model.ts'
import { asList, asMap, asMessage, fieldOf, type MessageValue, type ProtoValue, type UnknownField } from './value.ts'
import { ownText } from './well-known-to-json.ts'
import { wire, wireName } from './wire.ts'

/** Beyond these nobody reads on, and a hostile message could make millions. */
const maxWarnings = 100

/** Every doubtful place of a message, by path. */
export function warningsOf(plan: MessagePlan, value: MessageValue, limits: DecodeLimits): readonly ErrorData[] {
  const walk = new Walk(limits)
  walk.message(plan, value, '')
  return walk.found
}

class Walk {
  readonly found: ErrorData[] = []
  readonly #limits: DecodeLimits
  #depth = 0

  constructor(limits: DecodeLimits) {
    this.#limits = limits
  }

  message(plan: MessagePlan, value: MessageValue, path: string): void {
    if (this.found.length >= maxWarnings) return
    this.#depth++
    for (const field of plan.fields) {
      const member = fieldOf(value, field)
      if (member !== undefined) this.#field(field, member, path + memberStep(field.jsonName))
      else if (field.presence === 'required') this.#add('codec.warning.requiredMissing', path, { name: field.name, owner: plan.name })
    }
    for (const unknown of value.$unknown?.list ?? []) this.#unknown(plan, unknown, path)
    this.#wellKnown(plan, value, path)
    this.#depth--
  }

  #field(field: FieldPlan, value: ProtoValue, path: string): void {
    if (field.shape === 'single') return this.#value(field.value, value, path)
    if (field.shape === 'repeated') return this.#elements(field.value, asList(value), path)
    for (const [key, item] of asMap(value)) {
      if (this.found.length >= maxWarnings) return
      const step = path + (typeof key === 'string' ? memberStep(key) : `[${String(key)}]`)
      if (typeof key === 'string' && hasEscapedBytes(key)) this.#add('codec.warning.notUtf8', step)
      this.#value(field.value, item, step)
    }
  }

  #elements(plan: ValuePlan, values: readonly ProtoValue[], path: string): void {
    for (const [i, value] of values.entries()) {
      if (this.found.length >= maxWarnings) return
      this.#value(plan, value, `${path}[${i}]`)
    }
  }

  #value(plan: ValuePlan, value: ProtoValue, path: string): void {
    if (plan.kind === 'message') this.message(plan.message, asMessage(value), path)
    else if (typeof value === 'string' && hasEscapedBytes(value)) this.#add('codec.warning.notUtf8', path)
  }

  #unknown(plan: MessagePlan, { id, type }: UnknownField, path: string): void {
    const known = plan.byId.get(id)
    if (known === undefined) return this.#add('codec.warning.unknownField', path, { id, type: wireName(type), owner: plan.name })
    const isEnum = known.value.kind === 'enum' && (type === wire.varint || known.shape === 'map')
    this.#add(isEnum ? 'protobuf.warning.closedEnum' : 'codec.warning.otherType', path + memberStep(known.jsonName), { expected: known.written, found: wireName(type) })
  }

  #wellKnown(plan: MessagePlan, value: MessageValue, path: string): void {
    const form = plan.wellKnown
    if (form === 'any') this.#any(plan, value, path)
    else if (form === 'timestamp' || form === 'duration' || form === 'field-mask') {
      if (ownText(plan, form, value) === undefined) this.#add('protobuf.warning.noJsonForm', path, { type: plan.fullName })
    } else if (form === 'value') this.#valueKind(plan, value, path)
    else if ((form === 'struct' || form === 'list') && value.$unknown !== undefined) this.#add('protobuf.warning.unknownNotShown', path, { type: plan.fullName })
  }

  #valueKind(plan: MessagePlan, value: MessageValue, path: string): void {
    const set = plan.fields.map((field) => fieldOf(value, field)).find((member) => member !== undefined)
    if (set === undefined) this.#add('protobuf.warning.valueEmpty', path)
    if (typeof set === 'number' && !Number.isFinite(set)) this.#add('protobuf.warning.noJsonForm', path, { type: plan.fullName })
    if (value.$unknown !== undefined) this.#add('protobuf.warning.unknownNotShown', path, { type: plan.fullName })
  }

  #any(plan: MessagePlan, value: MessageValue, path: string): void {
    if (plan.fields.every((field) => fieldOf(value, field) === undefined)) return
    const inner = decodeAny(plan, value, this.#limits, this.#depth)
    if (inner.kind !== 'message') return this.#add(inner.kind === 'broken' ? 'protobuf.warning.anyBroken' : 'protobuf.warning.anyUnknown', path, { type: inner.url.slice(0, 120) })
    this.message(inner.plan, inner.value, inner.plan.wellKnown === undefined ? path : `${path}.value`)
  }

  #add(key: string, path: string, params: TextParams = {}): void {
    if (this.found.length >= maxWarnings) return
    const place = joinPath(path)
    this.found.push({ code: 'protocol', layer: 'codec', text: { key, params }, ...(place === '' ? {} : { at: { path: place } }) })
  }
}
