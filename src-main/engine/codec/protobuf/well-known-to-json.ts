// The well-known types in their own JSON forms. What has none (a time beyond the year 9999, an Any of a type that the IDL lacks, fields that
// the type does not have) is shown as a plain object, which is read back, and raises the flag for a warning.

import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { DecodeLimits } from '../codec.ts'
import { decodeAny } from './any.ts'
import { fieldMaskText } from './field-mask.ts'
import type { MessagePlan, ValuePlan } from './plan-model.ts'
import { durationText, timestampText } from './times.ts'
import { asList, asMap, asNumber, asText, fieldOf, type MessageValue, type ProtoKey, type ProtoValue } from './value.ts'
import type { WellKnown } from './well-known.ts'

/** How this comes back to other messages: the writer of all of them, whose part this is. */
export interface Writer {
  /** Raised where something deserves a warning. */
  doubtful: boolean
  /** Messages that are open. */
  readonly depth: number
  readonly limits: DecodeLimits
  message(plan: MessagePlan, value: MessageValue): string
  members(plan: MessagePlan, value: MessageValue): string
  value(plan: ValuePlan, value: ProtoValue): string
  list(element: ValuePlan, values: readonly ProtoValue[]): string
  map(plan: ValuePlan, entries: ReadonlyMap<ProtoKey, ProtoValue>): string
}

/** The value of the field of that number. */
function byId(plan: MessagePlan, value: MessageValue, id: number): ProtoValue | undefined {
  const field = plan.byId.get(id)
  return field === undefined ? undefined : fieldOf(value, field)
}

/** The JSON form of its own, or undefined where the value has none. */
export function wellKnownText(text: Writer, plan: MessagePlan, form: WellKnown, value: MessageValue): string | undefined {
  const hasMore = value.$unknown !== undefined
  if (hasMore) text.doubtful = true
  switch (form) {
    case 'timestamp':
    case 'duration':
    case 'field-mask':
    case 'any': {
      const own = hasMore ? undefined : form === 'any' ? anyText(text, plan, value) : ownText(plan, form, value)
      if (own === undefined) text.doubtful = true
      return own
    }
    case 'wrapper':
      return hasMore ? undefined : wrapped(text, plan, value)
    case 'struct':
      return text.map(only(plan), asMap(byId(plan, value, 1) ?? new Map()))
    case 'list':
      return text.list(only(plan), asList(byId(plan, value, 1) ?? []))
    case 'value':
      return valueText(text, plan, value)
  }
}

function only(plan: MessagePlan): ValuePlan {
  const [field] = plan.fields
  if (field === undefined) throw new Error('believed: the well-known type has its field')
  return field.value
}

/** Text of a time or mask in quotes. */
export function ownText(plan: MessagePlan, form: 'timestamp' | 'duration' | 'field-mask', value: MessageValue): string | undefined {
  const own = form === 'field-mask' ? fieldMaskText(asList(byId(plan, value, 1) ?? []).map(asText)) : momentText(plan, form, value)
  return own === undefined ? undefined : quoteJson(own)
}

// Seconds that are bigint are out of any range.
function momentText(plan: MessagePlan, form: 'timestamp' | 'duration', value: MessageValue): string | undefined {
  const seconds = byId(plan, value, 1) ?? 0
  const nanos = asNumber(byId(plan, value, 2) ?? 0)
  if (typeof seconds !== 'number') return undefined
  return form === 'timestamp' ? timestampText({ seconds, nanos }) : durationText({ seconds, nanos })
}

function wrapped(text: Writer, plan: MessagePlan, value: MessageValue): string {
  const wraps = only(plan)
  const zero = wraps.type === 'bool' ? false : wraps.type === 'string' ? '' : wraps.type === 'bytes' ? Buffer.alloc(0) : 0
  return text.value(wraps, byId(plan, value, 1) ?? zero)
}

function valueText(text: Writer, plan: MessagePlan, value: MessageValue): string {
  for (const field of plan.fields) {
    const found = fieldOf(value, field)
    if (found === undefined) continue
    if (typeof found === 'number' && !Number.isFinite(found)) text.doubtful = true
    return field.id === 1 ? 'null' : text.value(field.value, found)
  }
  text.doubtful = true
  return 'null'
}

function anyText(text: Writer, plan: MessagePlan, value: MessageValue): string | undefined {
  if (byId(plan, value, 1) === undefined && byId(plan, value, 2) === undefined) return '{}'
  const inner = decodeAny(plan, value, text.limits, text.depth)
  if (inner.kind !== 'message') return undefined
  const type = `{"@type":${quoteJson(inner.url)}`
  const content = inner.plan.wellKnown === undefined ? text.members(inner.plan, inner.value) : `"value":${text.message(inner.plan, inner.value)}`
  return content === '' ? `${type}}` : `${type},${content}}`
}
