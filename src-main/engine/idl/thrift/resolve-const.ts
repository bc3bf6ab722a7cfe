// From a constant as written to the JSON value of its type (that of the command line's contract). A reference is read again under the type
// that it is used for, in the file that declares it; what references unfold to is budgeted, since it can be exponential.

import { nearest } from '../../../../shared/logic/nearest.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { Text, TextParams } from '../../../../shared/base/error.ts'
import type { ConstValue, EnumDescriptor, IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { SourceFile } from '../source-file.ts'
import type { ConstDefinition, ConstNode, Range } from './ast.ts'
import { isDecimal, plain, readInt } from './numbers.ts'
import { isType, isUnknown, suggest, type TypeResolver } from './resolve-type.ts'
import type { FileScope, Symbol } from './scope.ts'

/** What constants need to know of types that are linked already. */
export interface TypeTables {
  readonly enums: ReadonlyMap<string, EnumDescriptor>
  readonly structs: ReadonlyMap<string, StructDescriptor>
}

type Meaning =
  | { readonly kind: 'const'; readonly scope: FileScope; readonly definition: ConstDefinition }
  | { readonly kind: 'enum'; readonly id: string; readonly name: string; readonly value: number }

interface EnumIndex {
  readonly byName: ReadonlyMap<string, number>
  readonly byNumber: ReadonlyMap<number, string>
}

/** Where findings go: the constant itself, or the reference that led to it. */
interface Site {
  readonly scope: FileScope
  readonly at: { readonly source: SourceFile; readonly range: Range } | undefined
}

const maxReferences = 64
const intRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  i8: [-128n, 127n],
  i16: [-32768n, 32767n],
  i32: [-2147483648n, 2147483647n],
  i64: [-9223372036854775808n, 9223372036854775807n],
}
const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export class ConstResolver {
  readonly #findings: Findings
  readonly #types: TypeResolver
  readonly #tables: TypeTables
  readonly #enums = new Map<string, EnumIndex>()
  readonly #active = new Set<ConstDefinition>()
  /** Nodes that may still be read through references, over the whole set. */
  #budget = 2_000_000

  constructor(findings: Findings, types: TypeResolver, tables: TypeTables) {
    this.#findings = findings
    this.#types = types
    this.#tables = tables
  }

  /** The value, or undefined after reporting why there is none. */
  resolve(scope: FileScope, node: ConstNode, type: IdlType): ConstValue | undefined {
    return this.#value({ scope, at: undefined }, node, type)
  }

  /** A constant definition; a reference to itself on the way is a cycle. */
  resolveDefinition(scope: FileScope, definition: ConstDefinition, type: IdlType): ConstValue | undefined {
    this.#active.add(definition)
    const value = this.resolve(scope, definition.value, type)
    this.#active.delete(definition)
    return value
  }

  #value(site: Site, node: ConstNode, type: IdlType): ConstValue | undefined {
    if (site.at !== undefined && --this.#budget < 0) {
      if (this.#budget === -1) this.#report(site, node, 'const-too-large')
      return undefined
    }
    if (isUnknown(type)) return undefined
    if (node.kind === 'name' && node.text !== 'true' && node.text !== 'false') return this.#reference(site, node, node.text, type)
    switch (type.kind) {
      case 'bool':
        return this.#bool(site, node, type)
      case 'i8':
      case 'i16':
      case 'i32':
      case 'i64':
        return this.#int(site, node, type)
      case 'double':
        return this.#double(site, node, type)
      case 'string':
        return node.kind === 'literal' ? node.text : this.#mismatch(site, node, type)
      case 'binary':
        return node.kind === 'literal' ? Buffer.from(node.text, 'utf8').toString('base64') : this.#mismatch(site, node, type)
      case 'uuid':
        return this.#uuid(site, node, type)
      case 'enum':
        return this.#enum(site, node, type)
      case 'list':
      case 'set':
        return this.#list(site, node, type, type.element)
      case 'map':
        return this.#map(site, node, type)
      case 'struct':
        return this.#struct(site, node, type)
      // The last three are of Protobuf, and no Thrift type is one.
      case 'void':
      case 'float':
      case 'u32':
      case 'u64':
        return this.#mismatch(site, node, type)
    }
  }

  #bool(site: Site, node: ConstNode, type: IdlType): ConstValue | undefined {
    if (node.kind === 'name') return node.text === 'true'
    const value = node.kind === 'int' ? readInt(node.text)?.value : undefined
    if (value === 0n || value === 1n) return value === 1n
    return this.#mismatch(site, node, type)
  }

  #int(site: Site, node: ConstNode, type: IdlType): ConstValue | undefined {
    // thriftgo takes true and false for integers too.
    if (node.kind === 'name') return node.text === 'true' ? 1 : 0
    if (node.kind !== 'int') return this.#mismatch(site, node, type)
    const value = this.#readInt(site, node)
    const [low, high] = intRanges[type.kind] ?? [0n, 0n]
    if (value === undefined) return undefined
    if (value >= low && value <= high) return plain(value)
    return this.#report(site, node, 'const-range', { value: node.text, type: type.written, low: String(low), high: String(high) })
  }

  #readInt(site: Site, node: ConstNode & { readonly text: string }): bigint | undefined {
    const reading = readInt(node.text)
    // What is no number in any base was reported when it was scanned.
    if (reading === undefined) return isDecimal(node.text) ? this.#report(site, node, 'bad-number', { text: node.text.slice(0, 40) }) : undefined
    if (reading.octal && site.at === undefined) this.#report(site, node, 'octal', { text: node.text, value: String(reading.value) })
    return reading.value
  }

  #double(site: Site, node: ConstNode, type: IdlType): ConstValue | undefined {
    if (node.kind === 'name') return node.text === 'true' ? 1 : 0
    if (node.kind === 'int') {
      const value = this.#readInt(site, node)
      return value === undefined ? undefined : Number(value)
    }
    if (node.kind !== 'double') return this.#mismatch(site, node, type)
    const value = Number(node.text)
    if (Number.isFinite(value)) return value
    return this.#report(site, node, 'const-range', { value: node.text.slice(0, 40), type: type.written, low: '-1.8e308', high: '1.8e308' })
  }

  #uuid(site: Site, node: ConstNode, type: IdlType): ConstValue | undefined {
    if (node.kind !== 'literal') return this.#mismatch(site, node, type)
    const plainText = node.text.replace(/^\{(.*)\}$/, '$1').toLowerCase()
    return canonicalUuid.test(plainText) ? plainText : this.#mismatch(site, node, type)
  }

  #enum(site: Site, node: ConstNode, type: IdlType & { readonly kind: 'struct' | 'enum' }): ConstValue | undefined {
    if (node.kind !== 'int') return this.#mismatch(site, node, type)
    const value = this.#readInt(site, node)
    if (value === undefined) return undefined
    const name = this.#enumIndex(type.id).byNumber.get(Number(value))
    if (name !== undefined) return name
    if (value >= -2147483648n && value <= 2147483647n) return Number(value)
    return this.#report(site, node, 'const-range', { value: node.text, type: type.written, low: '-2147483648', high: '2147483647' })
  }

  #list(site: Site, node: ConstNode, type: IdlType, element: IdlType): ConstValue | undefined {
    if (node.kind === 'map' && node.entries.length === 0) return []
    if (node.kind !== 'list') return this.#mismatch(site, node, type)
    return collect(node.items, (item) => this.#value(site, item, element))
  }

  #map(site: Site, node: ConstNode, type: IdlType & { readonly kind: 'map' }): ConstValue | undefined {
    if (node.kind === 'list' && node.items.length === 0) return hasObjectForm(type.key) ? {} : []
    if (node.kind !== 'map') return this.#mismatch(site, node, type)
    const pairs = collect(node.entries, ([key, value]) => {
      const k = this.#value(site, key, type.key)
      const v = this.#value(site, value, type.value)
      return k === undefined || v === undefined ? undefined : ([k, v] as const)
    })
    if (pairs === undefined) return undefined
    return hasObjectForm(type.key) ? Object.fromEntries(pairs.map(([key, value]) => [String(key), value])) : pairs
  }

  #struct(site: Site, node: ConstNode, type: IdlType & { readonly kind: 'struct' | 'enum' }): ConstValue | undefined {
    const struct = this.#tables.structs.get(type.id)
    if (node.kind !== 'map' || struct === undefined) return this.#mismatch(site, node, type)
    const entries = collect(node.entries, ([key, value]) => this.#member(site, struct, key, value))
    if (entries === undefined) return undefined
    if (struct.kind === 'union' && entries.length !== 1) return this.#report(site, node, 'union-const', { name: struct.name, count: entries.length })
    return Object.fromEntries(entries)
  }

  #member(site: Site, struct: StructDescriptor, key: ConstNode, value: ConstNode): readonly [string, ConstValue] | undefined {
    if (key.kind !== 'literal') return this.#report(site, key, 'const-key', { name: struct.name })
    const field = struct.fields.find((one) => one.name === key.text)
    if (field === undefined) {
      const near = nearest(key.text, struct.fields.map((one) => one.name))
      return this.#report(site, key, 'const-unknown-field', { field: key.text, name: struct.name }, suggest(near).suggestion)
    }
    const resolved = this.#value(site, value, field.type)
    return resolved === undefined ? undefined : [key.text, resolved]
  }

  #reference(site: Site, node: ConstNode, text: string, type: IdlType): ConstValue | undefined {
    const meanings = this.#meanings(site.scope, text)
    const [meaning] = meanings
    if (meaning === undefined) return this.#unknown(site, node, text, type)
    if (meanings.length > 1) return this.#report(site, node, 'ambiguous-const', { name: text, count: meanings.length })
    if (meaning.kind === 'enum') return this.#enumValue(site, node, meaning, type)
    const { definition, scope } = meaning
    if (this.#active.has(definition)) return this.#report(site, node, 'const-cycle', { name: text })
    if (this.#active.size > maxReferences) return this.#report(site, node, 'too-deep', { limit: maxReferences })
    this.#active.add(definition)
    const value = this.#value({ scope, at: site.at ?? { source: site.scope.source, range: node } }, definition.value, type)
    this.#active.delete(definition)
    return value
  }

  #enumValue(site: Site, node: ConstNode, meaning: Meaning & { readonly kind: 'enum' }, type: IdlType): ConstValue | undefined {
    if (type.kind === 'enum') return type.id === meaning.id ? meaning.name : this.#mismatch(site, node, type)
    const range = intRanges[type.kind]
    if (range !== undefined || type.kind === 'double') return meaning.value
    return this.#mismatch(site, node, type)
  }

  // thriftgo splits at the last dot and at the one before: `CONST`, `inc.CONST`, `Enum.VALUE`, `inc.Enum.VALUE`.
  #meanings(scope: FileScope, text: string): readonly Meaning[] {
    const meanings: Meaning[] = []
    const constant = scope.find(text, (definition) => definition.kind === 'const')
    if (constant?.definition.kind === 'const') meanings.push({ kind: 'const', scope: constant.scope, definition: constant.definition })
    const dot = text.lastIndexOf('.')
    if (dot < 0) return meanings
    const holder = scope.find(text.slice(0, dot), isType)
    const value = holder && this.#enumMember(holder, text.slice(dot + 1))
    if (value !== undefined) meanings.push(value)
    return meanings
  }

  #enumMember({ scope, definition }: Symbol, name: string): Meaning | undefined {
    const type = this.#types.ofDefinition(scope, definition)
    if (type?.kind !== 'enum') return undefined
    const value = this.#enumIndex(type.id).byName.get(name)
    return value === undefined ? undefined : { kind: 'enum', id: type.id, name, value }
  }

  #enumIndex(id: string): EnumIndex {
    let index = this.#enums.get(id)
    if (index !== undefined) return index
    const values = this.#tables.enums.get(id)?.values ?? []
    // The first of equal numbers gives the name, as where values are shown.
    index = { byName: new Map(values.map((one) => [one.name, one.value])), byNumber: new Map([...values].reverse().map((one) => [one.value, one.name])) }
    this.#enums.set(id, index)
    return index
  }

  #unknown(site: Site, node: ConstNode, text: string, type: IdlType): undefined {
    if (site.scope.mayBeMissing(text) || site.scope.mayBeMissing(text.slice(0, Math.max(0, text.lastIndexOf('.'))))) return undefined
    return this.#report(site, node, 'unknown-const', { name: text }, suggest(this.#nearestConst(site.scope, text, type)).suggestion)
  }

  #nearestConst(scope: FileScope, text: string, type: IdlType): string | undefined {
    if (type.kind === 'enum') {
      const values = this.#tables.enums.get(type.id)?.values.map((one) => one.name) ?? []
      const near = nearest(text.slice(text.lastIndexOf('.') + 1), values)
      if (near !== undefined) return `${type.written}.${near}`
    }
    return nearest(text, [...(type.kind === 'bool' ? ['true', 'false'] : []), ...scope.reachable((definition) => definition.kind === 'const')].slice(0, 10_000))
  }

  #mismatch(site: Site, node: ConstNode, type: IdlType): undefined {
    const source = site.scope.source.text
    return this.#report(site, node, 'const-type', { expected: type.written, found: source.slice(node.start, Math.min(node.end, node.start + 40)) })
  }

  #report(site: Site, node: Range, code: DiagnosticCode, params?: TextParams, suggestion?: Text): undefined {
    const { source, range } = site.at ?? { source: site.scope.source, range: node }
    this.#findings.add(source, { code, start: range.start, end: range.end, ...(params === undefined ? {} : { params }), ...(suggestion === undefined ? {} : { suggestion }) })
    return undefined
  }
}

/** Whether a map with such keys is a JSON object; others are lists of pairs. */
export function hasObjectForm(key: IdlType): boolean {
  return !['binary', 'uuid', 'list', 'set', 'map', 'struct'].includes(key.kind)
}

// All results, or undefined where one failed; every member is tried, so that every finding is made.
function collect<T, R>(items: readonly T[], each: (item: T) => R | undefined): R[] | undefined {
  const results: R[] = []
  for (const item of items) {
    const result = each(item)
    if (result !== undefined) results.push(result)
  }
  return results.length === items.length ? results : undefined
}
