// Options as they are written become values of the options messages of google/protobuf/descriptor.proto: names are looked up, also those of
// extensions, and values are checked against their types, as protoc's OptionInterpreter does.

import type { TextParams } from '../../../../shared/base/error.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { EntryNode, OptionNode, Range, ValueNode } from './ast.ts'
import { membersOf, type FieldProto, type FileProto, type MessageProto, type MessageValue, type OptionValue } from './model.ts'
import { convertScalar, emptyValue, integerBounds } from './option-value.ts'
import type { Symbols } from './symbols.ts'

/** Where options stand: names of extensions are resolved from there. */
export interface OptionPlace {
  readonly file: FileProto
  readonly scope: string
}

/** Things that are written like options of a field and are none. */
const notOptions: ReadonlySet<string> = new Set(['default', 'json_name'])

export class OptionReader {
  readonly #symbols: Symbols
  readonly #findings: Findings

  constructor(symbols: Symbols, findings: Findings) {
    this.#symbols = symbols
    this.#findings = findings
  }

  /** The value of all options together; `type` is such as google.protobuf.FieldOptions. */
  read(nodes: readonly OptionNode[], type: MessageProto | undefined, place: OptionPlace): MessageValue | undefined {
    if (type === undefined || nodes.length === 0) return undefined
    const value = emptyValue(type)
    for (const node of nodes) {
      const [first] = node.parts
      if (first !== undefined && type.name === 'FieldOptions' && node.parts.length === 1 && !first.extension && notOptions.has(first.text)) continue
      this.#set(node, value, place)
    }
    return value.fields.size === 0 ? undefined : value
  }

  #set(node: OptionNode, options: MessageValue, place: OptionPlace): void {
    let at = options
    for (const [index, part] of node.parts.entries()) {
      const field = part.extension ? this.#extension(part.text, at.type, part, place) : this.#member(part.text, at.type, part, place)
      if (field === undefined) return
      if (index === node.parts.length - 1) return this.#assign(node.value, field, at, place, { inText: false, range: node })
      const inner = this.#inner(field, at, part, place)
      if (inner === undefined) return
      at = inner
    }
  }

  // `a.b = 1; a.c = 2;` is one message.
  #inner(field: FieldProto, at: MessageValue, part: Range & { readonly text: string }, place: OptionPlace): MessageValue | undefined {
    if (field.ref?.kind !== 'message' || field.label === 'repeated') return this.#report(place, part, field.label === 'repeated' ? 'option-repeated' : 'option-not-message', { name: field.name })
    const known = at.fields.get(field.number)?.values[0]
    if (typeof known === 'object' && !Buffer.isBuffer(known)) return known
    const value = emptyValue(field.ref)
    at.fields.set(field.number, { field, values: [value] })
    return value
  }

  #member(name: string, type: MessageProto | undefined, range: Range, place: OptionPlace): FieldProto | undefined {
    if (type === undefined) return undefined
    const field = membersOf(type).byName.get(name)
    if (field !== undefined) return field
    const near = nearest(name, [...type.fields.map((one) => one.name), ...(type.name === 'FieldOptions' ? notOptions : [])])
    return this.#report(place, range, 'unknown-option', { name }, near)
  }

  #extension(name: string, type: MessageProto | undefined, range: Range, place: OptionPlace): FieldProto | undefined {
    const found = this.#symbols.lookup(name, place.scope, place.file, false)
    if (found.kind === 'found' && found.symbol.kind === 'field' && found.symbol.isExtension) {
      this.#use(place.file, found.symbol.file)
      if (found.symbol.extendee === type) return found.symbol
      return found.symbol.extendee === undefined ? undefined : this.#report(place, range, 'option-other-extendee', { name, extendee: found.symbol.extendee.fullName, wanted: type?.fullName ?? '' })
    }
    // What is missing with an import was reported there.
    if (place.file.imports.some(({ target }) => target === undefined)) return undefined
    const known = [...this.#symbols.reachable(place.file, (one) => one.kind === 'field' && one.extendee === type)].map(({ fullName }) => fullName)
    return this.#report(place, range, 'unknown-option', { name: `(${name})` }, nearest(name, known))
  }

  #use(file: FileProto, used: FileProto): void {
    for (const one of file.imports) if (one.target === used || one.target?.visible?.has(used) === true) one.used = true
  }

  #assign(node: ValueNode, field: FieldProto, at: MessageValue, place: OptionPlace, how: { readonly inText: boolean; readonly range: Range }): void {
    const known = at.fields.get(field.number)
    if (field.label !== 'repeated' && known !== undefined) {
      this.#report(place, how.range, 'duplicate-option', { name: field.isExtension ? `(${field.fullName})` : field.name })
      return
    }
    const values = this.#values(node, field, place, how.inText)
    if (values.length === 0) return
    if (known === undefined) at.fields.set(field.number, { field, values })
    else known.values.push(...values)
  }

  #values(node: ValueNode, field: FieldProto, place: OptionPlace, inText: boolean): OptionValue[] {
    if (node.kind === 'list') {
      if (field.label !== 'repeated' || !inText) return this.#wrong(node, field, place)
      return node.items.flatMap((item) => this.#values(item, field, place, true))
    }
    if (field.ref?.kind === 'message') return node.kind === 'message' ? [this.#message(node.entries, field.ref, place)] : this.#wrong(node, field, place)
    const converted = convertScalar(node, field, { inText })
    if ('value' in converted) return [converted.value]
    if (field.type === undefined) return []
    if (converted.wrong === 'range') return this.#outOfRange(node, field, place)
    if (converted.wrong === 'enum' && node.kind === 'name' && field.ref?.kind === 'enum') {
      this.#report(place, node, 'unknown-enum-value', { name: node.text, type: field.ref.fullName }, nearest(node.text, field.ref.values.map(({ name }) => name)))
      return []
    }
    return this.#wrong(node, field, place)
  }

  #message(entries: readonly EntryNode[], type: MessageProto, place: OptionPlace): MessageValue {
    const value = emptyValue(type)
    for (const { name, value: node } of entries) {
      if (name.extension && name.text.includes('/')) {
        this.#any(name, node, value, place)
        continue
      }
      const field = name.extension ? this.#extension(name.text, type, name, place) : this.#member(name.text, type, name, place)
      if (field !== undefined) this.#assign(node, field, value, place, { inText: true, range: name })
    }
    return value
  }

  // `[host/full.name] { … }`: the name is a whole one, and must be of a message that is seen here.
  #any(name: Range & { readonly text: string }, node: ValueNode, into: MessageValue, place: OptionPlace): void {
    const type = this.#symbols.get(name.text.slice(name.text.lastIndexOf('/') + 1), place.file)
    if (type?.kind !== 'message' || node.kind !== 'message' || into.type?.fullName !== 'google.protobuf.Any') {
      this.#report(place, name, 'unknown-option', { name: `[${name.text}]` })
      return
    }
    this.#use(place.file, type.file)
    into.any = { url: name.text, value: this.#message(node.entries, type, place) }
  }

  #outOfRange(node: ValueNode, field: FieldProto, place: OptionPlace): OptionValue[] {
    const [low, high] = integerBounds[field.type ?? ''] ?? [0n, 0n]
    this.#report(place, node, 'const-range', { value: sourceOf(place.file, node), type: field.type ?? '', low: String(low), high: String(high) })
    return []
  }

  #wrong(node: ValueNode, field: FieldProto, place: OptionPlace): OptionValue[] {
    this.#report(place, node, 'option-type', { name: field.isExtension ? `(${field.fullName})` : field.name, expected: field.ref?.fullName ?? field.type ?? '', found: sourceOf(place.file, node) })
    return []
  }

  #report(place: OptionPlace, { start, end }: Range, code: DiagnosticCode, params: TextParams, near?: string): undefined {
    const { source } = place.file
    if (source === undefined) return undefined
    this.#findings.add(source, { code, start, end, params, ...(near === undefined ? {} : { suggestion: { key: 'idl.hint.didYouMean', params: { name: near } } }) })
  }
}

const sourceOf = (file: FileProto, { start, end }: Range): string => file.source?.text.slice(start, Math.min(end, start + 40)) ?? ''
