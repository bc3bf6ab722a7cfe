// Fields of structs, arguments and throws: ids (implicit ones as thriftgo counts them, from 1 up), names, requiredness, types.
// Defaults follow later, when every struct is known.

import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { TextParams } from '../../../../shared/base/error.ts'
import type { Annotations, ConstValue, FieldDescriptor, IdlType, Requiredness } from '../../../../shared/model/idl.ts'
import type { AnnotationNode, FieldNode, Range, TypeNode } from './ast.ts'
import { docText } from '../docs.ts'
import { isDecimal } from './numbers.ts'
import type { TypeResolver } from './resolve-type.ts'
import type { FileScope } from './scope.ts'

export type FieldOwner = 'struct' | 'union' | 'exception' | 'args' | 'throws'

/** A field whose default is still to come. */
export type FieldDraft = { -readonly [K in keyof FieldDescriptor]: FieldDescriptor[K] } & { defaultValue?: ConstValue }

const noAnnotations: Annotations = Object.freeze({})

/** Annotations by name, values in order; a name may repeat. */
export function annotationsOf(nodes: readonly AnnotationNode[]): Annotations {
  if (nodes.length === 0) return noAnnotations
  const lists = new Map<string, string[]>()
  for (const { name, value } of nodes) {
    const list = lists.get(name)
    if (list === undefined) lists.set(name, [value])
    else list.push(value)
  }
  return Object.fromEntries(lists)
}

/** An id is 16 bits with a sign. */
const [leastId, mostId] = [-32_768, 32_767]

/** The next id that no field has; none beyond the range, where adding one to a number of twenty digits would lead nowhere. */
function freeAfter(id: number, ids: ReadonlyMap<number, FieldNode>): number | undefined {
  if (id < leastId || id > mostId) return undefined
  let free = id + 1
  while (ids.has(free)) free++
  return free > mostId ? undefined : free
}

export class FieldLinker {
  readonly #findings: Findings
  readonly #types: TypeResolver

  constructor(findings: Findings, types: TypeResolver) {
    this.#findings = findings
    this.#types = types
  }

  /** Fields in source order, as drafts. */
  link(scope: FileScope, nodes: readonly FieldNode[], owner: FieldOwner, ownerName: string): readonly FieldDraft[] {
    const ids = new Map<number, FieldNode>()
    const names = new Map<string, FieldNode>()
    let previous = 0
    let isImplicitSaid = false
    return nodes.map((node) => {
      if (node.id === undefined && !isImplicitSaid) {
        isImplicitSaid = true
        this.#report(scope, node.name, 'implicit-id', { name: node.name.text, id: previous + 1 })
      }
      const id = node.id === undefined ? previous + 1 : this.#readId(scope, node, node.id)
      previous = id
      this.#checkUnique(scope, node, id, ownerName, ids, names)
      return this.#draft(scope, node, id, owner, ownerName)
    })
  }

  #draft(scope: FileScope, node: FieldNode, id: number, owner: FieldOwner, ownerName: string): FieldDraft {
    const { requiredness, type } = this.#typeOf(scope, node)
    if (node.name.text.includes('.')) this.#report(scope, node.name, 'dotted-name', { name: node.name.text })
    const draft: FieldDraft = {
      id,
      name: node.name.text,
      type,
      requiredness: this.#requirednessOf(scope, node, requiredness, owner, ownerName),
      annotations: annotationsOf(node.annotations),
      at: scope.source.place(node.start),
    }
    const doc = docText(scope.source.text, node.doc)
    if (doc !== undefined) draft.doc = doc
    return draft
  }

  // thriftgo parses ids in base 10 and ignores the error: what is no decimal becomes 0.
  #readId(scope: FileScope, node: FieldNode, text: string): number {
    const range = { start: node.start, end: node.start + text.length }
    const id = isDecimal(text) ? Number(text) : 0
    if (!isDecimal(text)) this.#report(scope, range, 'field-id-form', { id: text, name: node.name.text })
    else if (id > mostId || id < leastId) this.#report(scope, range, 'field-id-range', { id: text.slice(0, 40), name: node.name.text })
    else if (id <= 0) this.#report(scope, range, 'non-positive-id', { id, name: node.name.text })
    return id
  }

  #checkUnique(scope: FileScope, node: FieldNode, id: number, ownerName: string, ids: Map<number, FieldNode>, names: Map<string, FieldNode>): void {
    const sameId = ids.get(id)
    if (sameId !== undefined) {
      const free = this.#findings.isFull(scope.source) ? undefined : freeAfter(id, ids)
      const params = { id, name: node.name.text, other: sameId.name.text, owner: ownerName, line: scope.source.place(sameId.start).line }
      const suggestion = free === undefined ? {} : { suggestion: { key: 'idl.hint.freeId', params: { id: free } } }
      this.#findings.add(scope.source, { code: 'duplicate-field-id', start: node.start, end: node.name.end, params, ...suggestion })
    } else ids.set(id, node)
    const sameName = names.get(node.name.text)
    if (sameName === undefined) names.set(node.name.text, node)
    else this.#report(scope, node.name, 'duplicate-field-name', { name: node.name.text, owner: ownerName, line: scope.source.place(sameName.start).line })
  }

  // thriftgo splits `requiredFoo` into `required Foo`. Where only the whole name is a type, that is what was meant.
  #typeOf(scope: FileScope, node: FieldNode): { requiredness: Requiredness; type: IdlType } {
    const { glued, type } = node
    if (glued !== 'required' && glued !== 'optional') return { requiredness: node.requiredness, type: this.#types.resolve(scope, type) }
    const rest = type.name.slice(glued.length)
    if (!this.#types.knows(scope, rest)) return { requiredness: node.requiredness, type: this.#types.resolve(scope, type) }
    this.#report(scope, type, 'glued-requiredness', { word: glued, rest, whole: type.name })
    const split: TypeNode = { ...type, name: rest, start: type.start + glued.length }
    return { requiredness: glued, type: this.#types.resolve(scope, split) }
  }

  #requirednessOf(scope: FileScope, node: FieldNode, written: Requiredness, owner: FieldOwner, ownerName: string): Requiredness {
    const range = { start: node.start, end: node.name.end }
    const params = { name: node.name.text, owner: ownerName }
    if (owner === 'union') {
      if (written === 'required') this.#report(scope, range, 'union-required', params)
      return 'optional'
    }
    if (owner === 'throws') {
      if (written === 'required') this.#report(scope, range, 'throws-required', params)
      return 'optional'
    }
    if (owner === 'args' && written === 'optional') {
      this.#report(scope, range, 'argument-optional', params)
      return 'default'
    }
    return written
  }

  #report(scope: FileScope, { start, end }: Range, code: DiagnosticCode, params: TextParams): void {
    this.#findings.add(scope.source, { code, start, end, params })
  }
}
