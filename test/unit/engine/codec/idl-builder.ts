// A tiny builder of linked IDLs, for tests that need types of every shape without a source file.

import type { FieldDescriptor, IdlSet, IdlType, MethodDescriptor, Requiredness, ServiceDescriptor, StructDescriptor } from '../../../../shared/model/idl.ts'

type Named = readonly [id: number, name: string, type: IdlType, more?: { requiredness?: Requiredness; defaultValue?: FieldDescriptor['defaultValue']; tag?: string }]

export const base = (kind: Exclude<IdlType['kind'], 'list' | 'set' | 'map' | 'struct' | 'enum' | 'void'>): IdlType => ({ kind, written: kind })
export const list = (element: IdlType): IdlType => ({ kind: 'list', element, written: `list<${element.written}>` })
export const set = (element: IdlType): IdlType => ({ kind: 'set', element, written: `set<${element.written}>` })
export const map = (key: IdlType, value: IdlType): IdlType => ({ kind: 'map', key, value, written: `map<${key.written}, ${value.written}>` })
export const ref = (name: string): IdlType => ({ kind: 'struct', id: `t#${name}`, written: name })
export const enumRef = (name: string): IdlType => ({ kind: 'enum', id: `t#${name}`, written: name })
export const nothing: IdlType = { kind: 'void', written: 'void' }

export const field = ([id, name, type, more = {}]: Named): FieldDescriptor => ({
  id,
  name,
  type,
  requiredness: more.requiredness ?? 'default',
  ...(more.defaultValue === undefined ? {} : { defaultValue: more.defaultValue }),
  annotations: more.tag === undefined ? {} : { 'go.tag': [more.tag] },
  at: {},
})

export const struct = (name: string, fields: readonly Named[], kind: StructDescriptor['kind'] = 'struct'): StructDescriptor => ({
  kind, id: `t#${name}`, name, fields: fields.map(field), annotations: {}, at: {},
})

export function method(name: string, args: readonly Named[], returns: IdlType, throws: readonly Named[] = [], kind: MethodDescriptor['kind'] = 'unary'): MethodDescriptor {
  return { name, declaredBy: 'S', kind, args: args.map(field), returns, throws: throws.map(field), annotations: {}, at: {} }
}

export function idlSet(structs: readonly StructDescriptor[], enums: Readonly<Record<string, readonly (readonly [string, number])[]>> = {}, methods: readonly MethodDescriptor[] = []): { idl: IdlSet; service: ServiceDescriptor } {
  const service: ServiceDescriptor = { name: 'S', language: 'thrift', file: 't', methods, annotations: {}, at: {} }
  const idl: IdlSet = {
    files: [],
    services: [service],
    structs: Object.fromEntries(structs.map((entry) => [entry.id, entry])),
    enums: Object.fromEntries(Object.entries(enums).map(([name, values]) => [`t#${name}`, { kind: 'enum' as const, id: `t#${name}`, name, values: values.map(([key, value]) => ({ name: key, value })), annotations: {}, at: {} }])),
    diagnostics: [],
  }
  return { idl, service }
}
