// A small linked IDL, written as data, for tests of what the editor knows.

import type { EnumDescriptor, FieldDescriptor, IdlSet, IdlType, MethodDescriptor, Requiredness, StructDescriptor } from '../../../../shared/model/idl.ts'

const at = { file: 'shop.thrift', line: 1, column: 1 }
export const i64: IdlType = { kind: 'i64', written: 'i64' }
export const text: IdlType = { kind: 'string', written: 'string' }
const level: IdlType = { kind: 'enum', id: 'shop.thrift#Level', written: 'Level' }
const listOf = (element: IdlType): IdlType => ({ kind: 'list', element, written: `list<${element.written}>` })

export const field = (id: number, name: string, type: IdlType, requiredness: Requiredness = 'default', doc?: string): FieldDescriptor =>
  ({ id, name, type, requiredness, annotations: {}, at, ...(doc === undefined ? {} : { doc }) })

const struct = (name: string, fields: readonly FieldDescriptor[], kind: StructDescriptor['kind'] = 'struct'): StructDescriptor => ({ kind, id: `shop.thrift#${name}`, name, fields, annotations: {}, at })
const levels: EnumDescriptor = { kind: 'enum', id: 'shop.thrift#Level', name: 'Level', values: [{ name: 'SILVER', value: 1 }, { name: 'GOLD', value: 2, doc: 'The best.' }], annotations: {}, at }

const request = struct('GetUserRequest', [
  field(1, 'userId', i64, 'required', 'Unique id.'), field(2, 'levels', listOf(level)), field(3, 'region', text, 'optional'), field(4, 'small', { kind: 'i8', written: 'i8' }),
  field(5, 'labels', { kind: 'map', key: text, value: i64, written: 'map<string, i64>' }), field(6, 'choice', { kind: 'struct', id: 'shop.thrift#Choice', written: 'Choice' }),
])
const choice = struct('Choice', [field(1, 'one', text), field(2, 'two', i64)], 'union')

export const requestType: IdlType = { kind: 'struct', id: request.id, written: 'GetUserRequest' }

export const method = (args: readonly FieldDescriptor[]): MethodDescriptor => ({ name: 'GetUser', declaredBy: 'UserService', kind: 'unary', args, returns: text, throws: [], annotations: {}, at })

export const shopIdl: IdlSet = {
  files: [], diagnostics: [], structs: { [request.id]: request, [choice.id]: choice }, enums: { [levels.id]: levels },
  services: [{ name: 'UserService', language: 'thrift', file: 'shop.thrift', methods: [method([field(1, 'req', requestType)])], annotations: {}, at }],
}
