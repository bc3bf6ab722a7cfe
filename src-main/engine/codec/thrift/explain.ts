// Bytes as a tree of ranges, with or without an IDL. The same walk finds the field path of a breach, which compiled decoders do not
// keep. It never throws: what cannot be read is a node of kind `unknown` that reaches to the end.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import { joinPath, memberStep } from '../../../../shared/logic/json/path.ts'
import { readHead } from './message.ts'
import type { StructPlan, TypePlan } from './plan-model.ts'
import { Breach, ByteReader, defaultLimits } from './reader.ts'
import { doubleText } from './unknown-json.ts'
import { isValueType, wire, wireName } from './wire.ts'

/** More nodes than this no view shows; the rest is one node. */
const shownNodes = 20_000
const searchedNodes = 1_000_000
const shownText = 200

/** What the body of a message is, once its head is known. */
export type BodyPlan = (type: 'call' | 'reply' | 'exception' | 'oneway') => StructPlan | undefined

/** Explains one message; `offset` is added to all ranges. */
export function explainMessage(bytes: Buffer, offset: number, planOf: BodyPlan): readonly ByteNode[] {
  const explainer = new Explainer(bytes, offset, shownNodes)
  return explainer.message(planOf)
}

/** Field path of a byte offset in a message or, with `at` 0 and no head, in a bare struct. */
export function pathOfOffset(bytes: Buffer, at: number, plan: StructPlan | undefined, offset: number): string {
  const explainer = new Explainer(bytes, 0, searchedNodes, at)
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
  readonly #bytes: Buffer
  readonly #offset: number
  readonly #reader: ByteReader
  #nodesLeft: number
  #failed = false

  constructor(bytes: Buffer, offset: number, maxNodes: number, at = 0) {
    this.#bytes = bytes
    this.#offset = offset
    this.#nodesLeft = maxNodes
    this.#reader = new ByteReader(bytes, at, { maxDepth: defaultLimits.maxDepth, budgetBytes: Number.MAX_SAFE_INTEGER })
  }

  message(planOf: BodyPlan): readonly ByteNode[] {
    const children: ByteNode[] = []
    const head = this.#try(children, () => readHead(this.#bytes, 0) ?? this.#short())
    if (head !== undefined) {
      this.#leaf(children, 4, { name: 'version and message type', kind: 'message', type: 'u32', value: head.type })
      this.#leaf(children, head.length - 8, { name: 'method', kind: 'message', type: 'string', value: cut(head.method) })
      this.#leaf(children, 4, { name: 'sequence id', kind: 'message', type: 'i32', value: String(head.seqId) })
      children.push(...this.bareStruct(planOf(head.type)))
    }
    return [{ start: this.#offset, end: this.#offset + this.#bytes.length, name: 'message', kind: 'message', children }]
  }

  bareStruct(plan: StructPlan | undefined): readonly ByteNode[] {
    const children: ByteNode[] = []
    this.#try(children, () => this.#struct(children, plan, 1))
    if (!this.#failed && this.#reader.at < this.#bytes.length) {
      this.#leaf(children, this.#bytes.length - this.#reader.at, { name: 'bytes after the end', kind: 'unknown' })
    }
    return children
  }

  #short(): never {
    throw new Breach(this.#bytes.length, 'codec.bytes.shortHead')
  }

  /** Runs one step; a breach becomes a node for the rest of the bytes, in the innermost list that was open. */
  #try<T>(into: ByteNode[], step: () => T): T | undefined {
    const start = this.#reader.at
    try {
      return step()
    } catch (thrown) {
      if (!(thrown instanceof Breach)) throw thrown
      if (!this.#failed) {
        this.#failed = true
        const from = Math.max(start, Math.min(thrown.offset, this.#bytes.length))
        into.push({ start: from + this.#offset, end: this.#bytes.length + this.#offset, name: 'not understood', kind: 'unknown', value: thrown.key })
      }
      this.#reader.at = this.#bytes.length
      return undefined
    }
  }

  #leaf(into: ByteNode[], length: number, node: Omit<ByteNode, 'start' | 'end'>): void {
    const start = this.#reader.at
    this.#reader.at += length
    this.#count()
    into.push({ start: start + this.#offset, end: this.#reader.at + this.#offset, ...node })
  }

  #count(): void {
    if (--this.#nodesLeft < 0) throw new Breach(this.#reader.at, 'codec.bytes.notExplained')
  }

  #struct(into: ByteNode[], plan: StructPlan | undefined, depth: number): void {
    const reader = this.#reader
    if (depth > reader.maxDepth) reader.tooDeep()
    while (!this.#failed) {
      if (reader.at >= reader.end) reader.short(reader.at, 1)
      const type = this.#bytes[reader.at] ?? 0
      if (type === wire.stop) return this.#leaf(into, 1, { name: 'stop', kind: 'stop' })
      if (!isValueType(type) && type !== wire.void) throw new Breach(reader.at, 'codec.bytes.unknownType', { type: wireName(type) })
      if (reader.at + 3 > reader.end) reader.short(reader.at, 3)
      this.#field(into, plan, type, depth)
    }
  }

  #field(into: ByteNode[], plan: StructPlan | undefined, type: number, depth: number): void {
    const id = this.#reader.view.getInt16(this.#reader.at + 1)
    const known = plan?.fields.find((field) => field.id === id)
    const typed = known?.type.wire === type ? known.type : undefined
    const children: ByteNode[] = []
    const node = this.#open({ name: known?.name ?? `field ${id}`, kind: 'field', type: typed?.written ?? wireName(type), id, children })
    into.push(node)
    this.#leaf(children, 3, { name: 'field header', kind: 'header', type: wireName(type), id })
    this.#fill(node, children, typed, type, depth)
    const value = children.length === 2 ? children[1]?.value : undefined
    if (value !== undefined) node.value = value
  }

  #open(node: Omit<Draft, 'start' | 'end'>): Draft {
    this.#count()
    return { start: this.#reader.at + this.#offset, end: this.#bytes.length + this.#offset, ...node }
  }

  /** The value after a header; its end is the node's. */
  #fill(node: Draft, children: ByteNode[], typed: TypePlan | undefined, type: number, depth: number): void {
    this.#try(children, () => this.#value(children, typed, type, depth + 1))
    if (!this.#failed) node.end = this.#reader.at + this.#offset
  }

  #value(into: ByteNode[], typed: TypePlan | undefined, type: number, depth: number): void {
    switch (type) {
      case wire.struct:
        return this.#struct(into, typed?.kind === 'struct' ? typed.struct : undefined, depth)
      case wire.list:
      case wire.set:
        return this.#elements(into, typed, 1, depth)
      case wire.map:
        return this.#elements(into, typed, 2, depth)
      default:
        return this.#scalar(into, typed, type, depth)
    }
  }

  #scalar(into: ByteNode[], typed: TypePlan | undefined, type: number, depth: number): void {
    const reader = this.#reader
    const start = reader.at
    reader.skip(type, depth)
    const end = reader.at
    const value = scalarText(reader, typed, type, start)
    reader.at = start
    this.#leaf(into, end - start, { name: 'value', kind: 'value', type: typed?.written ?? wireName(type), value })
  }

  #elements(into: ByteNode[], typed: TypePlan | undefined, each: 1 | 2, depth: number): void {
    const reader = this.#reader
    if (depth > reader.maxDepth) reader.tooDeep()
    if (reader.at + each + 4 > reader.end) reader.short(reader.at, each + 4)
    const types = each === 1 ? [this.#bytes[reader.at] ?? 0] : [this.#bytes[reader.at] ?? 0, this.#bytes[reader.at + 1] ?? 0]
    const count = reader.view.getInt32(reader.at + each)
    if (count < 0) throw new Breach(reader.at + each, 'codec.bytes.negativeCount', { count })
    const bad = count === 0 ? undefined : types.find((type) => !isValueType(type))
    if (bad !== undefined) throw new Breach(reader.at, 'codec.bytes.unknownType', { type: wireName(bad) })
    this.#leaf(into, each + 4, { name: 'container header', kind: 'header', type: types.map(wireName).join(', '), value: String(count) })
    const plans = typed?.kind === 'map' ? [typed.key, typed.value] : typed?.kind === 'list' || typed?.kind === 'set' ? [typed.element] : []
    for (let i = 0; i < count && !this.#failed; i++) {
      types.forEach((type, part) => this.#element(into, plans[part], type, `[${i}]${each === 1 ? '' : part === 0 ? ' key' : ' value'}`, depth))
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

function scalarText(reader: ByteReader, typed: TypePlan | undefined, type: number, at: number): string {
  reader.at = at
  switch (type) {
    case wire.bool:
      return String(reader.bytes[at] === 1)
    case wire.i8:
      return String(reader.view.getInt8(at))
    case wire.i16:
      return String(reader.view.getInt16(at))
    case wire.i32: {
      const value = reader.view.getInt32(at)
      const name = typed?.kind === 'enum' ? typed.enum.byValue.get(value) : undefined
      return name === undefined ? String(value) : `${name} (${value})`
    }
    case wire.i64:
      return String(reader.i64())
    case wire.double:
      return doubleText(reader.view.getFloat64(at)).replaceAll('"', '')
    case wire.uuid:
      return reader.uuid()
    case wire.string:
      return typed?.kind === 'binary' ? cut(hexOf(reader)) : cut(reader.string())
    default:
      return ''
  }
}

function hexOf(reader: ByteReader): string {
  const length = reader.length()
  return reader.bytes.toString('hex', reader.at, reader.at + Math.min(length, shownText))
}

const cut = (text: string): string => (text.length <= shownText ? text : `${text.slice(0, shownText - 1)}…`)
