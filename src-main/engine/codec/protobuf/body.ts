// The JSON body of a message: ProtoJSON, where an empty text is an empty message, as Kitex's generic calls have it (kitex.md 4.6).

import { convert, readBody, type BodyOptions } from '../common/read-body.ts'
import { messageFromJson } from './from-json.ts'
import type { MessagePlan } from './plan-model.ts'
import type { MessageValue } from './value.ts'

/** The message that a body stands for; faults are placed in the text. */
export function messageFromBody(plan: MessagePlan, body: string, options: BodyOptions): MessageValue {
  const text = body.trim() === '' ? '{}' : body
  const root = readBody(text, options)
  const isAbsent = root.kind === 'null' && plan.wellKnown !== 'value'
  return isAbsent ? new plan.shape() : convert(text, root, options, (reading) => messageFromJson(plan, root, reading))
}
