// Bytes as a tree of ranges, with or without an IDL. The same walk finds the field path of a breach, which compiled decoders do not
// keep. It never throws: what cannot be read is a node of kind `unknown` that reaches to the end.

import { joinPath, memberStep } from '../../../../shared/logic/json/path.ts'
import { shownText } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { Breach } from '../common/breach.ts'
import type { WireForm, WireWalk } from './form.ts'
import type { FieldHeader } from './headers.ts'
import type { StructPlan, TypePlan } from './plan-model.ts'
import { wire, wireName } from './wire.ts'

/** More nodes than this no view shows; the rest is one node. */
const shownNodes = 20_000
const searchedNodes = 1_000_000

/** What the body of a message is, once its head is known. */
export type BodyPlan = (type: 'call' | 'reply' | 'exception' | 'oneway') => StructPlan | undefined

/** Explains one message; `offset` is added to all ranges. */
export function explainMessage(form: WireForm, bytes: Buffer, offset: number, planOf: BodyPlan): readonly ByteNode[] {
  return new Explainer(form, bytes, offset, shownNodes).message(planOf)
}

/** Explains a struct that stands alone, as a message without a head. */
export function explainBare(form: WireForm, bytes: Buffer, offset: number, plan: StructPlan | undefined): readonly ByteNode[] {
  const children = new Explainer(form, bytes, offset, shownNodes).bareStruct(plan)
  return [{ start: offset, end: offset + bytes.length, name: 'message', kind: 'message', ...(plan === undefined ? {} : { type: plan.name }), children }]
}

/** Field path of a byte offset in a message or, with `at` 0 and no head, in a bare struct. */
export function pathOfOffset(form: WireForm, bytes: Buffer, at: number, plan: StructPlan | undefined, offset: number): string {
  const explainer = new Explainer(form, bytes, 0, searchedNodes, at)
  const steps: string[] = []
  let nodes = explainer.bareStruct(plan)
  for (;;) {
    const found = lastHolding(nodes, offset)
    if (found === undefined) return joinPath(...steps)
    if (found.kind === 'field') steps.push(memberStep(found.name))
    else if (found.name.startsWith('[')) steps.push(found.name)
    nodes = found.children ?? []
  }
}

// A breach at the very end of the bytes belongs to the last node.
function lastHolding(nodes: readonly ByteNode[], offset: number): ByteNode | undefined {
  const inside = nodes.find(({ start, end }) => offset >= start && offset < end)
  const last = nodes.at(-1)
  return inside ?? (last !== undefined && offset >= last.end && last.kind !== 'stop' ? last : undefined)
}

type Draft = { -readonly [K in keyof ByteNode]: K extends 'children' ? ByteNode[] : ByteNode[K] }

class Explainer {
  readonly #form: WireForm
  readonly #bytes: Buffer
  readonly #offset: number
  readonly #walk: WireWalk
  #nodesLeft: number
  #failed = false

  constructor(form: WireForm, bytes: Buffer, offset: number, maxNodes: number, at = 0) {
    this.#form = form
    this.#bytes = bytes
    this.#offset = offset
    this.#nodesLeft = maxNodes
    this.#walk = form.walk(bytes, at)
  }

  message(planOf: BodyPlan): readonly ByteNode[] {
    const children: ByteNode[] = []
    const head = this.#try(children, () => this.#form.readHead(this.#bytes, 0) ?? this.#short())
    if (head !== undefined) {
      for (const { length, ...part } of this.#form.headParts(this.#bytes, head)) this.#leaf(children, length, part.value === undefined ? part : { ...part, value: shownText(part.value) })
      children.push(...this.bareStruct(planOf(head.type)))
    }
    return [{ start: this.#offset, end: this.#offset + this.#bytes.length, name: 'message', kind: 'message', children }]
  }

  bareStruct(plan: StructPlan | undefined): readonly ByteNode[] {
    const children: ByteNode[] = []
    this.#try(children, () => this.#struct(children, plan, 1))
    if (!this.#failed && this.#walk.at < this.#bytes.length) {
      this.#leaf(children, this.#bytes.length - this.#walk.at, { name: 'bytes after the end', kind: 'unknown' })
    }
    return children
  }

  #short(): never {
    throw new Breach(this.#bytes.length, 'codec.bytes.shortHead')
  }

  /** Runs one step; a breach becomes a node for the rest of the bytes, in the innermost list that was open. */
  #try<T>(into: ByteNode[], step: () => T): T | undefined {
    const start = this.#walk.at
    try {
      return step()
    } catch (thrown) {
      if (!(thrown instanceof Breach)) throw thrown
      if (!this.#failed) {
        this.#failed = true
        const from = Math.max(start, Math.min(thrown.offset, this.#bytes.length))
        into.push({ start: from + this.#offset, end: this.#bytes.length + this.#offset, name: 'not understood', kind: 'unknown', value: thrown.key })
      }
      this.#walk.at = this.#bytes.length
      return undefined
    }
  }

  #leaf(into: ByteNode[], length: number, node: Omit<ByteNode, 'start' | 'end'>): void {
    const start = this.#walk.at
    this.#walk.at += length
    this.#count()
    into.push({ start: start + this.#offset, end: this.#walk.at + this.#offset, ...node })
  }

  #count(): void {
    if (--this.#nodesLeft < 0) throw new Breach(this.#walk.at, 'codec.bytes.notExplained')
  }

  #struct(into: ByteNode[], plan: StructPlan | undefined, depth: number): void {
    const walk = this.#walk
    if (depth > walk.maxDepth) walk.tooDeep()
    let before = 0
    while (!this.#failed) {
      const header = walk.field(before)
      if (header === undefined) return this.#leaf(into, 1, { name: 'stop', kind: 'stop' })
      this.#field(into, plan, header, depth)
      before = header.id
    }
  }

  #field(into: ByteNode[], plan: StructPlan | undefined, { id, type, length, held }: FieldHeader, depth: number): void {
    const known = plan?.fields.find((field) => field.id === id)
    const typed = known?.type.wire === type ? known.type : undefined
    const children: ByteNode[] = []
    const node = this.#open({ name: known?.name ?? `field ${id}`, kind: 'field', type: typed?.written ?? wireName(type), id, children })
    into.push(node)
    this.#leaf(children, length, { name: 'field header', kind: 'header', type: wireName(type), id, ...(held === undefined ? {} : { value: held }) })
    if (held === undefined) this.#fill(node, children, typed, type, depth)
    else node.end = this.#walk.at + this.#offset
    const value = held ?? (children.length === 2 ? children[1]?.value : undefined)
    if (value !== undefined) node.value = value
  }

  #open(node: Omit<Draft, 'start' | 'end'>): Draft {
    this.#count()
    return { start: this.#walk.at + this.#offset, end: this.#bytes.length + this.#offset, ...node }
  }

  /** The value after a header; its end is the node's. */
  #fill(node: Draft, children: ByteNode[], typed: TypePlan | undefined, type: number, depth: number): void {
    this.#try(children, () => this.#value(children, typed, type, depth + 1))
    if (!this.#failed) node.end = this.#walk.at + this.#offset
  }

  #value(into: ByteNode[], typed: TypePlan | undefined, type: number, depth: number): void {
    switch (type) {
      case wire.struct:
        return this.#struct(into, typed?.kind === 'struct' ? typed.struct : undefined, depth)
      case wire.list:
      case wire.set:
      case wire.map:
        return this.#elements(into, typed, type, depth)
      default:
        return this.#scalar(into, typed, type)
    }
  }

  #scalar(into: ByteNode[], typed: TypePlan | undefined, type: number): void {
    const walk = this.#walk
    const start = walk.at
    const value = shownText(walk.scalar(type, typed))
    const length = walk.at - start
    walk.at = start
    this.#leaf(into, length, { name: 'value', kind: 'value', type: typed?.written ?? wireName(type), value })
  }

  #elements(into: ByteNode[], typed: TypePlan | undefined, type: number, depth: number): void {
    const walk = this.#walk
    if (depth > walk.maxDepth) walk.tooDeep()
    const { types, count, length } = walk.container(type)
    this.#leaf(into, length, { name: 'container header', kind: 'header', ...(types.length === 0 ? {} : { type: types.map(wireName).join(', ') }), value: String(count) })
    const plans = typed?.kind === 'map' ? [typed.key, typed.value] : typed?.kind === 'list' || typed?.kind === 'set' ? [typed.element] : []
    for (let i = 0; i < count && !this.#failed; i++) {
      types.forEach((entry, part) => this.#element(into, plans[part], entry, `[${i}]${type !== wire.map ? '' : part === 0 ? ' key' : ' value'}`, depth))
    }
  }

  #element(into: ByteNode[], plan: TypePlan | undefined, type: number, name: string, depth: number): void {
    if (this.#failed) return
    const typed = plan?.wire === type ? plan : undefined
    const children: ByteNode[] = []
    const node = this.#open({ name, kind: 'value', type: typed?.written ?? wireName(type) })
    into.push(node)
    this.#fill(node, children, typed, type, depth)
    const only = children[0]
    if (children.length === 1 && only?.name === 'value' && only.value !== undefined) node.value = only.value
    else node.children = children
  }
}
