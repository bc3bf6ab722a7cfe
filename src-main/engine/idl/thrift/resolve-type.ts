// From a type as written to a type with typedefs resolved. Resolved types are shared, so a hostile chain of typedefs could stand
// for a tree that no memory holds; height and size of what a type unfolds to are therefore bounded.

import { nearest } from '../../../../shared/logic/nearest.ts'
import type { Findings } from '../diagnostics.ts'
import type { BaseKind, IdlType } from '../../../../shared/model/idl.ts'
import type { Definition, Range, TypedefDefinition, TypeNode } from './ast.ts'
import type { FileScope } from './scope.ts'

interface Resolved {
  readonly type: IdlType
  readonly height: number
  readonly size: number
}

const maxHeight = 64
const maxSize = 4096
const maxTypedefChain = 256
const maxCandidates = 10_000

const baseKinds: ReadonlyMap<string, BaseKind> = new Map<string, BaseKind>([
  ['bool', 'bool'], ['byte', 'i8'], ['i8', 'i8'], ['i16', 'i16'], ['i32', 'i32'], ['i64', 'i64'], ['double', 'double'], ['string', 'string'], ['binary', 'binary'],
])
// Apache's own: thriftgo has neither, so a definition of that name comes first.
const apacheKinds: ReadonlyMap<string, BaseKind> = new Map<string, BaseKind>([['uuid', 'uuid'], ['slist', 'string']])
const baseTypes: ReadonlyMap<string, Resolved> = new Map([...baseKinds, ...apacheKinds].map(([written, kind]) => [written, { type: { kind, written }, height: 1, size: 1 }]))
const voidType: IdlType = { kind: 'void', written: 'void' }

/** Definitions that a type may refer to. */
export const isType = (definition: Definition): boolean => definition.kind !== 'const' && definition.kind !== 'service'

/** Identity of a struct or enum over a set of files. */
export const idOf = (scope: FileScope, name: string): string => `${scope.path}#${name}`

export class TypeResolver {
  readonly #findings: Findings
  readonly #named = new Map<FileScope, Map<string, Resolved>>()
  readonly #typedefs = new Map<TypedefDefinition, Resolved | 'resolving' | 'broken'>()
  #depth = 0

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** A field's, argument's, constant's or typedef's type. What cannot be resolved is reported and stands as a string. */
  resolve(scope: FileScope, node: TypeNode): IdlType {
    return this.#resolve(scope, node).type
  }

  /** A function's type, which alone may be void. */
  resolveReturn(scope: FileScope, node: TypeNode): IdlType {
    return node.name === 'void' && node.args.length === 0 ? voidType : this.resolve(scope, node)
  }

  /** Whether a name stands for a type here, without reporting. */
  knows(scope: FileScope, name: string): boolean {
    return baseKinds.has(name) || scope.find(name, isType) !== undefined || apacheKinds.has(name)
  }

  /** Follows typedefs of a definition to what it stands for, such as the enum behind an alias. */
  ofDefinition(scope: FileScope, definition: Definition): IdlType | undefined {
    return isType(definition) ? this.#ofDefinition(scope, definition, definition.name)?.type : undefined
  }

  #resolve(scope: FileScope, node: TypeNode): Resolved {
    if (node.args.length === 0) return this.#byName(scope, node)
    const [first, second] = node.args.map((arg) => this.#resolve(scope, arg))
    const written = writtenOf(node)
    if (first === undefined) return unknown(written)
    const height = 1 + Math.max(first.height, second?.height ?? 0)
    const size = 1 + first.size + (second?.size ?? 0)
    if (height > maxHeight || size > maxSize) {
      this.#findings.add(scope.source, { code: 'type-too-large', start: node.start, end: node.end, params: { limit: height > maxHeight ? maxHeight : maxSize } })
      return unknown(written)
    }
    if (second !== undefined) return { type: { kind: 'map', key: first.type, value: second.type, written }, height, size }
    return { type: { kind: node.name === 'set' ? 'set' : 'list', element: first.type, written }, height, size }
  }

  #byName(scope: FileScope, node: TypeNode): Resolved {
    let named = this.#named.get(scope)
    if (named === undefined) this.#named.set(scope, (named = new Map()))
    const known = named.get(node.name)
    if (known !== undefined) return known
    const found = this.#lookUp(scope, node)
    if (found === undefined) return unknown(node.name)
    const resolved = found.type.written === node.name || isUnknown(found.type) ? found : { ...found, type: respell(found.type, node.name) }
    named.set(node.name, resolved)
    return resolved
  }

  #lookUp(scope: FileScope, node: TypeNode): Resolved | undefined {
    const { name } = node
    if (baseKinds.has(name)) return baseTypes.get(name)
    const symbol = scope.find(name, isType)
    if (symbol !== undefined) return this.#ofDefinition(symbol.scope, symbol.definition, node, scope)
    const apache = baseTypes.get(name)
    if (apache !== undefined) {
      if (name === 'slist') this.#findings.add(scope.source, { code: 'legacy-keyword', start: node.start, end: node.end, params: { word: name } })
      return apache
    }
    this.#reportUnknown(scope, node)
    return undefined
  }

  #ofDefinition(scope: FileScope, definition: Definition, use: Range, useScope = scope): Resolved | undefined {
    if (definition.kind === 'typedef') return this.#ofTypedef(scope, definition, use, useScope)
    const id = idOf(scope, definition.name.text)
    return { type: { kind: definition.kind === 'enum' ? 'enum' : 'struct', id, written: definition.name.text }, height: 1, size: 1 }
  }

  #ofTypedef(scope: FileScope, definition: TypedefDefinition, use: Range, useScope: FileScope): Resolved | undefined {
    const known = this.#typedefs.get(definition)
    if (known === 'broken') return undefined
    if (known === 'resolving' || this.#depth > maxTypedefChain) {
      const code = known === 'resolving' ? 'typedef-cycle' : 'too-deep'
      this.#findings.add(useScope.source, { code, start: use.start, end: use.end, params: { name: definition.name.text, limit: maxTypedefChain } })
      return undefined
    }
    if (known !== undefined) return known
    this.#typedefs.set(definition, 'resolving')
    this.#depth++
    const resolved = this.#resolve(scope, definition.type)
    this.#depth--
    this.#typedefs.set(definition, resolved)
    return resolved
  }

  #reportUnknown(scope: FileScope, { name, start, end }: TypeNode): void {
    if (scope.mayBeMissing(name) || this.#findings.isFull(scope.source)) return
    const at = { start, end }
    if (name === 'void') return this.#findings.add(scope.source, { code: 'void-type', ...at })
    const other = scope.find(name, () => true)
    if (other !== undefined) return this.#findings.add(scope.source, { code: 'not-a-type', ...at, params: { name, kind: other.definition.kind } })
    const dot = name.lastIndexOf('.')
    if (dot >= 0 && scope.included(name.slice(0, dot)).length === 0) {
      const prefix = name.slice(0, dot)
      return this.#findings.add(scope.source, { code: 'unknown-include', ...at, params: { name, prefix }, ...suggest(nearest(prefix, scope.prefixes)) })
    }
    this.#findings.add(scope.source, { code: 'unknown-type', ...at, params: { name }, ...suggest(nearestType(scope, name)) })
  }
}

/** A type in the source's own spelling, without its annotations. */
export function writtenOf(node: TypeNode): string {
  return node.args.length === 0 ? node.name : `${node.name}<${node.args.map(writtenOf).join(', ')}>`
}

function respell(type: IdlType, written: string): IdlType {
  switch (type.kind) {
    case 'void':
      return type
    case 'list':
    case 'set':
      return { ...type, written }
    case 'map':
      return { ...type, written }
    case 'struct':
    case 'enum':
      return { ...type, written }
    default:
      return { ...type, written }
  }
}

const unknownTypes = new WeakSet<IdlType>()

/** True for the stand-in of a type that could not be resolved: what depends on it was reported already. */
export const isUnknown = (type: IdlType): boolean => unknownTypes.has(type)

function unknown(written: string): Resolved {
  const type: IdlType = { kind: 'string', written }
  unknownTypes.add(type)
  return { type, height: 1, size: 1 }
}

/** A "did you mean" for a finding, or nothing. */
export function suggest(name: string | undefined): { suggestion?: { key: string; params: { name: string } } } {
  return name === undefined ? {} : { suggestion: { key: 'idl.hint.didYouMean', params: { name } } }
}

function nearestType(scope: FileScope, name: string): string | undefined {
  const candidates = [...baseKinds.keys()]
  for (const candidate of scope.reachable(isType)) {
    if (candidates.length >= maxCandidates) break
    candidates.push(candidate)
    // The right name without its file's prefix is the commonest slip of all.
    if (candidate.endsWith(`.${name}`)) return candidate
  }
  return nearest(name, candidates)
}
