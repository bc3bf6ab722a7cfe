// One file as it was written, for `kite idl tree`: source order, types as spelled, nothing inherited.

import type { ConstValue, EnumDescriptor, ThriftFile, IdlFileField } from '../../../../shared/model/idl.ts'
import type { ConstDefinition, ServiceDefinition, StructDefinition } from './ast.ts'
import { annotationsOf, type FieldDraft } from './link-fields.ts'
import type { LinkedService } from './link-service.ts'
import { writtenOf } from './resolve-type.ts'
import type { FileScope } from './scope.ts'

/** What the linker found, by the syntax it came from. */
export interface TreeParts {
  readonly structs: ReadonlyMap<StructDefinition, readonly FieldDraft[]>
  readonly services: ReadonlyMap<ServiceDefinition, LinkedService>
  readonly enums: ReadonlyMap<object, EnumDescriptor>
  readonly consts: ReadonlyMap<ConstDefinition, ConstValue>
}

/** The tree of one file. */
export function treeOf(scope: FileScope, parts: TreeParts): ThriftFile {
  const { document } = scope
  const services: ThriftFile['services'][number][] = []
  const structs: ThriftFile['structs'][number][] = []
  const enums: ThriftFile['enums'][number][] = []
  const typedefs: ThriftFile['typedefs'][number][] = []
  const consts: ThriftFile['consts'][number][] = []
  for (const one of document.definitions) {
    const name = one.name.text
    switch (one.kind) {
      case 'service':
        services.push(serviceTree(one, parts.services.get(one)))
        break
      case 'enum':
        enums.push({ name, values: (parts.enums.get(one)?.values ?? []).map((value) => [value.name, value.value] as const) })
        break
      case 'typedef':
        typedefs.push([name, writtenOf(one.type)])
        break
      case 'const': {
        const value = parts.consts.get(one)
        if (value !== undefined) consts.push({ name, type: writtenOf(one.type), value })
        break
      }
      default:
        structs.push({ kind: one.kind, name, fields: (parts.structs.get(one) ?? []).map(fieldTree), annotations: annotationsOf(one.annotations) })
    }
  }
  return {
    path: scope.path,
    kind: 'thrift',
    namespaces: Object.fromEntries(document.namespaces.map((one) => [one.scope, one.name])),
    includes: document.includes.map((one) => one.path),
    services,
    structs,
    enums,
    typedefs,
    consts,
  }
}

function serviceTree(node: ServiceDefinition, linked: LinkedService | undefined): ThriftFile['services'][number] {
  const methods = (linked?.own ?? []).map(({ descriptor, node: own }) => ({
    name: descriptor.name,
    oneway: own.oneway,
    returns: writtenOf(own.returns),
    args: descriptor.args.map(fieldTree),
    throws: descriptor.throws.map(fieldTree),
    annotations: descriptor.annotations,
  }))
  return { name: node.name.text, ...(node.extends === undefined ? {} : { extends: node.extends.text }), methods }
}

const fieldTree = (field: FieldDraft): IdlFileField => ({
  id: field.id,
  name: field.name,
  type: field.type.written,
  requiredness: field.requiredness,
  default: field.defaultValue ?? null,
  annotations: field.annotations,
})
