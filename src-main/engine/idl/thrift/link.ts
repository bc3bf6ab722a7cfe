// Semantics over all files together: names, types, then constants and defaults (which need every struct), then services and what
// they inherit. Nothing here stops at the first error, and nothing reads a file.

import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { TextParams } from '../../../../shared/base/error.ts'
import type { ConstValue, EnumDescriptor, IdlFile, IdlSet, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { ConstDefinition, Definition, FieldNode, Range, ServiceDefinition, StructDefinition } from './ast.ts'
import { docText } from '../docs.ts'
import { finiteStructs } from './endless.ts'
import { reportIncludeCycles } from './include-cycles.ts'
import { linkEnum } from './link-enum.ts'
import { annotationsOf, FieldLinker, type FieldDraft } from './link-fields.ts'
import { inheritMethods, linkService, type LinkedService } from './link-service.ts'
import { ConstResolver } from './resolve-const.ts'
import { idOf, isUnknown, TypeResolver } from './resolve-type.ts'
import type { FileScope } from './scope.ts'
import { treeOf } from './tree.ts'

/** Everything of a set but its diagnostics, which the caller's findings hold. */
export type LinkedSet = Omit<IdlSet, 'diagnostics'>

/** Links files that have been parsed and joined by their includes. */
export function linkThrift(scopes: readonly FileScope[], findings: Findings): LinkedSet {
  return new Linker(scopes, findings).link()
}

class Linker {
  readonly #scopes: readonly FileScope[]
  readonly #findings: Findings
  readonly #types: TypeResolver
  readonly #fields: FieldLinker
  readonly #enums = new Map<string, EnumDescriptor>()
  readonly #structs = new Map<string, StructDescriptor>()
  readonly #enumOf = new Map<Definition, EnumDescriptor>()
  readonly #fieldsOf = new Map<StructDefinition, readonly FieldDraft[]>()
  readonly #serviceOf = new Map<ServiceDefinition, LinkedService>()
  readonly #constOf = new Map<ConstDefinition, ConstValue>()

  constructor(scopes: readonly FileScope[], findings: Findings) {
    this.#scopes = scopes
    this.#findings = findings
    this.#types = new TypeResolver(findings)
    this.#fields = new FieldLinker(findings, this.#types)
  }

  link(): LinkedSet {
    reportIncludeCycles(this.#scopes, this.#findings)
    for (const scope of this.#scopes) this.#linkNames(scope)
    for (const scope of this.#scopes) for (const one of scope.document.definitions) this.#linkTypes(scope, one)
    this.#linkValues()
    const linked = [...this.#serviceOf.values()]
    const services = inheritMethods(linked, this.#findings)
    this.#checkEndless()
    const files: IdlFile[] = this.#scopes.map((scope) => treeOf(scope, { structs: this.#fieldsOf, services: this.#serviceOf, enums: this.#enumOf, consts: this.#constOf }))
    return { files, services, structs: Object.fromEntries(this.#structs), enums: Object.fromEntries(this.#enums) }
  }

  #linkNames(scope: FileScope): void {
    for (const one of scope.document.definitions) {
      const { text, start, end } = one.name
      const first = scope.names.get(text)
      if (first !== undefined && first !== one) this.#report(scope, one.name, 'duplicate-name', { name: text, kind: first.kind, line: scope.source.place(first.name.start).line })
      if (text.includes('.')) this.#report(scope, { start, end }, 'dotted-name', { name: text })
      if (one.kind !== 'enum') continue
      const descriptor = linkEnum(scope, one, this.#findings)
      this.#enumOf.set(one, descriptor)
      if (first === one) this.#enums.set(descriptor.id, descriptor)
    }
  }

  #linkTypes(scope: FileScope, one: Definition): void {
    switch (one.kind) {
      case 'struct':
      case 'union':
      case 'exception':
        return this.#linkStruct(scope, one)
      case 'service':
        this.#serviceOf.set(one, linkService(scope, one, { findings: this.#findings, types: this.#types, fields: this.#fields }))
        return
      case 'typedef':
        this.#types.ofDefinition(scope, one)
        return
      case 'const':
      case 'enum':
    }
  }

  #linkStruct(scope: FileScope, one: StructDefinition): void {
    const fields = this.#fields.link(scope, one.fields, one.kind, one.name.text)
    this.#fieldsOf.set(one, fields)
    const id = idOf(scope, one.name.text)
    if (this.#structs.has(id)) return
    const doc = docText(scope.source.text, one.doc)
    this.#structs.set(id, {
      kind: one.kind,
      id,
      name: one.name.text,
      fields: [...fields].sort((a, b) => a.id - b.id),
      annotations: annotationsOf(one.annotations),
      ...(doc === undefined ? {} : { doc }),
      at: scope.source.place(one.start),
    })
  }

  #linkValues(): void {
    const consts = new ConstResolver(this.#findings, this.#types, { enums: this.#enums, structs: this.#structs })
    for (const scope of this.#scopes) {
      for (const one of scope.document.definitions) {
        if (one.kind === 'const') {
          const value = consts.resolveDefinition(scope, one, this.#types.resolve(scope, one.type))
          if (value !== undefined) this.#constOf.set(one, value)
        } else if (one.kind === 'service') {
          for (const { node, descriptor } of this.#serviceOf.get(one)?.own ?? []) {
            this.#linkDefaults(scope, node.args, descriptor.args, consts)
            this.#linkDefaults(scope, node.throws, descriptor.throws, consts)
            this.#checkThrows(scope, node.throws, descriptor.throws)
          }
        } else if (one.kind !== 'enum' && one.kind !== 'typedef') {
          this.#linkDefaults(scope, one.fields, this.#fieldsOf.get(one) ?? [], consts)
          if (one.kind === 'union') this.#checkUnion(scope, one)
        }
      }
    }
  }

  #linkDefaults(scope: FileScope, nodes: readonly FieldNode[], drafts: readonly FieldDraft[], consts: ConstResolver): void {
    nodes.forEach((node, index) => {
      const draft = drafts[index]
      if (node.value === undefined || draft === undefined) return
      const value = consts.resolve(scope, node.value, draft.type)
      if (value !== undefined) draft.defaultValue = value
    })
  }

  #checkUnion(scope: FileScope, one: StructDefinition): void {
    const [, second] = one.fields.filter((field) => field.value !== undefined)
    if (second !== undefined) this.#report(scope, second.name, 'union-defaults', { name: one.name.text, field: second.name.text })
  }

  #checkThrows(scope: FileScope, nodes: readonly FieldNode[], drafts: readonly FieldDraft[]): void {
    nodes.forEach((node, index) => {
      const type = drafts[index]?.type
      const isException = type?.kind === 'struct' && this.#structs.get(type.id)?.kind === 'exception'
      if (type !== undefined && !isException && !isUnknown(type)) {
        this.#report(scope, node.type, 'throws-not-exception', { type: type.written })
      }
    })
  }

  #checkEndless(): void {
    const finite = finiteStructs([...this.#structs.values()])
    for (const scope of this.#scopes) {
      for (const one of scope.document.definitions) {
        const id = idOf(scope, one.name.text)
        if (this.#structs.has(id) && !finite.has(id)) this.#report(scope, one.name, 'endless-struct', { name: one.name.text })
      }
    }
  }

  #report(scope: FileScope, { start, end }: Range, code: DiagnosticCode, params: TextParams): void {
    this.#findings.add(scope.source, { code, start, end, params })
  }
}
