// What an Any holds: a message of the loaded IDL, told by the last part of its type URL, or bytes that nobody here can read.

import type { DecodeLimits } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import type { MessagePlan } from './plan-model.ts'
import { ByteReader } from './reader.ts'
import { asBytes, asText, fieldOf, type MessageValue } from './value.ts'

export type AnyContent =
  | { readonly kind: 'message'; readonly url: string; readonly plan: MessagePlan; readonly value: MessageValue }
  /** The IDL lacks the type. */
  | { readonly kind: 'unknown-type'; readonly url: string }
  /** The bytes are no such message. */
  | { readonly kind: 'broken'; readonly url: string }

/** `depth` is that of the Any itself: levels count on through it, since what walks its contents stands on the same stack. */
export function decodeAny(plan: MessagePlan, value: MessageValue, limits: DecodeLimits, depth: number): AnyContent {
  const [urlField, bytesField] = [plan.byId.get(1), plan.byId.get(2)]
  if (urlField === undefined || bytesField === undefined) throw new Error('believed: an Any has both of its fields')
  const url = asText(fieldOf(value, urlField) ?? '')
  const inner = plan.lookUp(url.slice(url.lastIndexOf('/') + 1))
  if (inner === undefined) return { kind: 'unknown-type', url }
  const bytes = asBytes(fieldOf(value, bytesField) ?? Buffer.alloc(0))
  const reader = new ByteReader(bytes, 0, { maxDepth: limits.maxDepth - depth, budgetBytes: limits.budgetBytes })
  try {
    return { kind: 'message', url, plan: inner, value: inner.decode(reader, bytes.length, 1, 0) }
  } catch (thrown) {
    if (thrown instanceof Breach) return { kind: 'broken', url }
    throw thrown
  }
}
