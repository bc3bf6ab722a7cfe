// Bytes as a tree of ranges, with or without an IDL: each field with its tag, length and value. The same walk finds the field path of a
// breach, which compiled decoders do not keep. It never throws: what cannot be read is a node of kind `unknown` that reaches to the end.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import { joinPath, memberStep } from '../../../../shared/logic/json/path.ts'
import { Explainer, type BodyPlan } from './explainer.ts'
import type { MessagePlan } from './plan-model.ts'

/** More nodes than this no view shows; the rest is one node. */
const shownNodes = 20_000
const searchedNodes = 1_000_000

/** Explains a message with Kitex's head; `offset` is added to all ranges. */
export function explainMessage(bytes: Buffer, offset: number, planOf: BodyPlan): readonly ByteNode[] {
  return new Explainer(bytes, offset, shownNodes).message(planOf)
}

/** Explains a bare message. */
export function explainBare(bytes: Buffer, offset: number, plan: MessagePlan | undefined): readonly ByteNode[] {
  const children = new Explainer(bytes, offset, shownNodes).bare(plan)
  return [{ start: offset, end: offset + bytes.length, name: 'message', kind: 'message', ...(plan === undefined ? {} : { type: plan.fullName }), children }]
}

/** Field path of a byte offset in the message that begins at `at`. */
export function pathOfOffset(bytes: Buffer, at: number, plan: MessagePlan, offset: number): string {
  const steps: string[] = []
  let nodes = new Explainer(bytes, 0, searchedNodes, at).bare(plan)
  for (;;) {
    const found = lastHolding(nodes, offset)
    if (found === undefined) return joinPath(...steps)
    if (found.kind === 'field') steps.push(stepOf(found.name))
    else if (found.name.startsWith('[')) steps.push(found.name)
    nodes = found.children ?? []
  }
}

// A breach at the very end of the bytes belongs to the last node.
function lastHolding(nodes: readonly ByteNode[], offset: number): ByteNode | undefined {
  const inside = nodes.find(({ start, end }) => offset >= start && offset < end)
  const last = nodes.at(-1)
  return inside ?? (last !== undefined && offset >= last.end ? last : undefined)
}

// The node of an element is named after the field and its index: `items[2]`.
function stepOf(name: string): string {
  const element = /^(.+)(\[\d+\])$/.exec(name)
  return element === null ? memberStep(name) : memberStep(element[1] ?? '') + (element[2] ?? '')
}
