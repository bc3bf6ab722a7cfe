// The walk behind the byte view: one node for each field, and in it tag, length, value or the fields within. Where the IDL says nothing, or
// something that the wire type contradicts, values are guessed.

import { shownText } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { MessageHead } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { guess, holds } from './guess.ts'
import { readHead } from './message.ts'
import type { FieldPlan, MessagePlan, ValuePlan } from './plan-model.ts'
import { ByteReader, defaultLimits } from './reader.ts'
import { lengthText, numberText } from './value-text.ts'
import { maxFieldNumber, wire, wireName, wireOf } from './wire.ts'

/** What the body of a message is, once its head is known. */
export type BodyPlan = (type: MessageHead['type']) => MessagePlan | undefined

/** `content`: what the bytes of an Any hold, by the type URL that is `told` before. */
type Known = Pick<FieldPlan, 'jsonName' | 'shape' | 'value' | 'key' | 'written'> & { readonly told?: (text: string) => void; readonly content?: MessagePlan | undefined }
type Fields = (id: number) => Known | undefined
type Draft = { -readonly [K in keyof ByteNode]: K extends 'children' ? ByteNode[] : ByteNode[K] }

const noFields: Fields = () => undefined

export class Explainer {
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
    const head = this.#try(children, () => readHead(this.#bytes) ?? this.#short())
    if (head !== undefined) {
      this.#leaf(children, 4, { name: 'version and message type', kind: 'message', type: 'u32', value: head.type })
      this.#leaf(children, head.length - 8, { name: 'method', kind: 'message', type: 'string', value: shownText(head.method) })
      this.#leaf(children, 4, { name: 'sequence id', kind: 'message', type: 'i32', value: String(head.seqId) })
      children.push(...this.bare(planOf(head.type)))
    }
    return [{ start: this.#offset, end: this.#offset + this.#bytes.length, name: 'message', kind: 'message', children }]
  }

  bare(plan: MessagePlan | undefined): readonly ByteNode[] {
    const children: ByteNode[] = []
    this.#try(children, () => this.#fields(children, fieldsOf(plan), this.#bytes.length, 1, 0))
    return children
  }

  #short(): never {
    throw new Breach(this.#bytes.length, 'codec.bytes.shortHead')
  }

  /** Runs one step; a breach becomes a node for the rest of the bytes, in the innermost list that was open. */
  #try<T>(into: ByteNode[], step: () => T): T | undefined {
    const start = this.#reader.at + this.#offset
    try {
      return step()
    } catch (thrown) {
      if (!(thrown instanceof Breach)) throw thrown
      if (!this.#failed) {
        this.#failed = true
        into.push({ start: into.at(-1)?.end ?? start, end: this.#bytes.length + this.#offset, name: 'not understood', kind: 'unknown', value: thrown.key })
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

  /** Fields up to `end`, or to the closing tag of the group. */
  #fields(into: ByteNode[], fields: Fields, end: number, depth: number, group: number): void {
    const reader = this.#reader
    if (depth > reader.maxDepth) reader.tooDeep()
    const counts = new Map<number, number>()
    while (reader.at < end && !this.#failed) {
      const start = reader.at
      const tag = reader.tag()
      const length = reader.at - start
      reader.at = start
      const id = tag >>> 3
      if (group !== 0 && tag === group * 8 + wire.endGroup) return this.#leaf(into, length, { name: 'end of group', kind: 'stop', type: wireName(wire.endGroup), id })
      const known = fields(id)
      const index = known?.shape === 'single' ? undefined : (counts.get(id) ?? 0)
      if (index !== undefined) counts.set(id, index + 1)
      this.#field(into, known, { id, type: tag & 7, length, index: known === undefined ? undefined : index }, end, depth)
    }
    if (group !== 0 && !this.#failed) reader.openGroup(group)
  }

  #field(into: ByteNode[], known: Known | undefined, tag: { readonly id: number; readonly type: number; readonly length: number; readonly index: number | undefined }, end: number, depth: number): void {
    const { id, type, length } = tag
    const isPacked = known?.shape === 'repeated' && type === wire.len && wireOf(known.value.type) !== wire.len
    const fits = known !== undefined && (isPacked || type === (known.shape === 'map' ? wire.len : wireOf(known.value.type)))
    const children: ByteNode[] = []
    const name = known === undefined ? `field ${id}` : known.jsonName + (tag.index === undefined || isPacked ? '' : `[${tag.index}]`)
    this.#count()
    const node: Draft = { start: this.#reader.at + this.#offset, end: this.#bytes.length + this.#offset, name, kind: 'field', type: fits ? known.written : wireName(type), id, children }
    into.push(node)
    this.#try(children, () => {
      if (id === 0 || id > maxFieldNumber) throw new Breach(this.#reader.at, 'protobuf.bytes.badTag', { tag: id * 8 + type })
      this.#leaf(children, length, { name: 'tag', kind: 'header', type: wireName(type), id })
      const value = this.#value(children, fits ? known : undefined, id, type, end, depth)
      if (value !== undefined) node.value = value
    })
    if (!this.#failed) node.end = this.#reader.at + this.#offset
  }

  /** What stands behind a tag; gives its text where it is one value. */
  #value(into: ByteNode[], known: Known | undefined, id: number, type: number, end: number, depth: number): string | undefined {
    if (type === wire.len) return this.#length(into, known, end, depth)
    if (type === wire.group) {
      this.#fields(into, known?.value.kind === 'message' ? fieldsOf(known.value.message) : noFields, end, depth + 1, id)
      return undefined
    }
    return this.#number(into, 'value', known?.value, type, end)
  }

  #number(into: ByteNode[], name: string, plan: ValuePlan | undefined, type: number, end: number): string {
    const reader = this.#reader
    const start = reader.at
    const value = numberText(reader, type, plan, end)
    const length = reader.at - start
    reader.at = start
    this.#leaf(into, length, { name, kind: 'value', type: plan?.written ?? wireName(type), value })
    return value
  }

  #length(into: ByteNode[], known: Known | undefined, outer: number, depth: number): string | undefined {
    const reader = this.#reader
    const start = reader.at
    const length = reader.length(outer)
    const head = reader.at - start
    reader.at = start
    this.#leaf(into, head, { name: 'length', kind: 'header', type: 'varint', value: String(length) })
    const end = reader.at + length
    if (known?.shape === 'map') return this.#nested(into, entryOf(known), end, depth)
    if (known?.value.kind === 'message') return this.#nested(into, fieldsOf(known.value.message), end, depth)
    if (known !== undefined && wireOf(known.value.type) !== wire.len) return this.#packed(into, known.value, end)
    const content = known?.content
    if (content !== undefined && holds(content, this.#bytes, reader.at, end)) return this.#nested(into, fieldsOf(content), end, depth)
    const guessed = known === undefined ? guess(this.#bytes, reader.at, end) : known.value.type === 'string' ? 'text' : 'bytes'
    if (guessed === 'message') return this.#nested(into, noFields, end, depth)
    const value = lengthText(this.#bytes, reader.at, end, guessed === 'text')
    known?.told?.(value)
    this.#leaf(into, length, { name: 'value', kind: 'value', type: known?.value.written ?? (guessed === 'text' ? 'string' : 'bytes'), value })
    return value
  }

  #nested(into: ByteNode[], fields: Fields, end: number, depth: number): undefined {
    this.#fields(into, fields, end, depth + 1, 0)
    return undefined
  }

  #packed(into: ByteNode[], plan: ValuePlan, end: number): undefined {
    for (let i = 0; this.#reader.at < end; i++) this.#number(into, `[${i}]`, plan, wireOf(plan.type), end)
    return undefined
  }
}

function fieldsOf(plan: MessagePlan | undefined): Fields {
  if (plan === undefined) return noFields
  return plan.wellKnown === 'any' ? fieldsOfAny(plan) : (id) => plan.byId.get(id)
}

function fieldsOfAny(plan: MessagePlan): Fields {
  let content: MessagePlan | undefined
  const told = (url: string): void => {
    content = plan.lookUp(url.slice(url.lastIndexOf('/') + 1))
  }
  return (id) => {
    const field = plan.byId.get(id)
    return field === undefined ? undefined : id === 1 ? { ...field, told } : { ...field, content }
  }
}

function entryOf({ key, value }: Known): Fields {
  return (id) => {
    const plan = id === 1 ? key : id === 2 ? value : undefined
    return plan === undefined ? undefined : { jsonName: id === 1 ? 'key' : 'value', shape: 'single', value: plan, key: undefined, written: plan.written }
  }
}
