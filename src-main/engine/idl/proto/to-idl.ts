// From linked descriptors to what the rest of the engine calls by: messages as structs, with what only Protobuf has beside them.

import type { BaseKind, EnumDescriptor, FieldDescriptor, IdlSet, IdlType, MethodDescriptor, MethodKind, ProtoField, ProtoScalar, ServiceDescriptor, StructDescriptor, TypeId } from '../../../../shared/model/idl.ts'
import { annotationsOf, noAnnotations } from './annotations.ts'
import { isDelimited, isPacked, presenceOf } from './features.ts'
import { enumsOf, extensionsOf, isScalar, messagesOf, type EnumProto, type FieldProto, type FileProto, type MessageProto, type MethodProto, type ServiceProto } from './model.ts'
import { treeOf } from './tree.ts'

const kinds: Readonly<Record<ProtoScalar, BaseKind>> = {
  double: 'double', float: 'float', bool: 'bool', string: 'string', bytes: 'binary',
  int32: 'i32', sint32: 'i32', sfixed32: 'i32', int64: 'i64', sint64: 'i64', sfixed64: 'i64',
  uint32: 'u32', fixed32: 'u32', uint64: 'u64', fixed64: 'u64',
}
const noFields: readonly FieldDescriptor[] = []

/** Everything of a set but its diagnostics. */
export function toIdl(files: readonly FileProto[]): Omit<IdlSet, 'diagnostics'> {
  const extensions = new Map<MessageProto, FieldDescriptor[]>()
  for (const file of files) {
    for (const one of extensionsOf(file)) {
      if (one.extendee === undefined) continue
      const list = extensions.get(one.extendee)
      if (list === undefined) extensions.set(one.extendee, [fieldOf(one)])
      else list.push(fieldOf(one))
    }
  }
  const structs: Record<TypeId, StructDescriptor> = {}
  const enums: Record<TypeId, EnumDescriptor> = {}
  for (const file of files) {
    for (const message of messagesOf(file)) structs[idOf(message)] ??= structOf(message, extensions.get(message) ?? noFields)
    for (const one of enumsOf(file)) enums[idOf(one)] ??= enumOf(one)
  }
  return { files: files.map(treeOf), services: files.flatMap((file) => file.services.map(serviceOf)), structs, enums }
}

const idOf = (one: MessageProto | EnumProto): TypeId => `${one.file.path}#${one.fullName}`

/** The name within the package: nested ones with what they stand in. */
const localName = ({ fullName, file }: MessageProto | EnumProto): string => (file.package === '' ? fullName : fullName.slice(file.package.length + 1))

function structOf(message: MessageProto, extensions: readonly FieldDescriptor[]): StructDescriptor {
  return {
    kind: 'struct', id: idOf(message), name: localName(message),
    fields: message.fields.map(fieldOf).sort(byId),
    annotations: annotationsOf(message.options),
    ...docOf(message), at: message.at,
    proto: {
      fullName: message.fullName, oneofs: message.oneofs.map(({ name }) => name), extensions: [...extensions].sort(byId),
      ...(message.mapEntry ? { mapEntry: true } : {}),
    },
  }
}

const byId = (a: FieldDescriptor, b: FieldDescriptor): number => a.id - b.id

function enumOf(one: EnumProto): EnumDescriptor {
  return {
    kind: 'enum', id: idOf(one), name: localName(one),
    values: one.values.map((value) => ({ name: value.name, value: value.number, ...docOf(value) })),
    annotations: annotationsOf(one.options), ...docOf(one), at: one.at,
    proto: { fullName: one.fullName, closed: one.features?.enumType === 'closed' },
  }
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }

// Fields and their parts are set one by one, since a set has more of them than of all else.
function fieldOf(field: FieldProto): FieldDescriptor {
  const presence = presenceOf(field)
  const draft: Draft<FieldDescriptor> = {
    id: field.number, name: field.name, type: typeOf(field), requiredness: presence === 'required' ? 'required' : presence === 'explicit' ? 'optional' : 'default',
    annotations: annotationsOf(field.options), at: field.at, proto: protoOf(field, presence),
  }
  if (field.defaultValue !== undefined) draft.defaultValue = field.defaultValue
  if (field.doc !== undefined) draft.doc = field.doc
  return draft
}

function protoOf(field: FieldProto, presence: ProtoField['presence']): ProtoField {
  const entry = mapOf(field)
  const draft: Draft<ProtoField> = { type: isDelimited(field) ? 'group' : (field.type ?? 'string'), jsonName: field.jsonName, presence }
  if (field.label === 'repeated' && entry === undefined) draft.packed = isPacked(field)
  if (field.oneof !== undefined) draft.oneof = field.oneof.name
  if (entry !== undefined) draft.map = entry
  if (field.isExtension) draft.extension = field.fullName
  if (holdsText(field)) draft.validateUtf8 = field.features?.utf8 === 'verify'
  return draft
}

const holdsText = ({ type, ref }: FieldProto): boolean => type === 'string' || (ref?.kind === 'message' && ref.mapEntry && ref.fields.some((one) => one.type === 'string'))

function mapOf(field: FieldProto): ProtoField['map'] {
  if (field.ref?.kind !== 'message' || !field.ref.mapEntry) return undefined
  const [key, value] = field.ref.fields
  const keyType = key?.type
  const valueType = value?.type
  if (keyType === undefined || !isScalar(keyType) || valueType === undefined || valueType === 'group') return undefined
  return { key: keyType, value: valueType }
}

function typeOf(field: FieldProto): IdlType {
  const [key, value] = field.ref?.kind === 'message' && field.ref.mapEntry ? field.ref.fields : []
  if (key !== undefined && value !== undefined) {
    const inner = { key: typeOf(key), value: typeOf(value) }
    return { kind: 'map', ...inner, written: `map<${inner.key.written}, ${inner.value.written}>` }
  }
  const type = singleOf(field)
  return field.label === 'repeated' ? { kind: 'list', element: type, written: `repeated ${type.written}` } : type
}

function singleOf({ type, ref, typeName }: FieldProto): IdlType {
  const written = typeName.startsWith('.') ? typeName.slice(1) : typeName
  if (ref?.kind === 'message') return { kind: 'struct', id: idOf(ref), written }
  if (ref?.kind === 'enum') return { kind: 'enum', id: idOf(ref), written }
  return { kind: type !== undefined && isScalar(type) ? kinds[type] : 'string', written }
}

function serviceOf(service: ServiceProto): ServiceDescriptor {
  return {
    name: service.fullName, language: 'proto', file: service.file.path, methods: service.methods.map((method) => methodOf(service, method)),
    annotations: annotationsOf(service.options), ...docOf(service), at: service.at,
  }
}

const kindOf = ({ clientStreaming, serverStreaming }: MethodProto): MethodKind => (clientStreaming ? (serverStreaming ? 'bidi' : 'client') : serverStreaming ? 'server' : 'unary')

function methodOf(service: ServiceProto, method: MethodProto): MethodDescriptor {
  const at = method.at
  return {
    name: method.name, declaredBy: service.fullName, kind: kindOf(method),
    args: [{ id: 1, name: 'request', type: messageType(method.input, method.inputName), requiredness: 'default', annotations: noAnnotations, at }],
    returns: messageType(method.output, method.outputName), throws: noFields, annotations: annotationsOf(method.options), ...docOf(method), at,
  }
}

function messageType(ref: MessageProto | undefined, name: string): IdlType {
  const written = name.startsWith('.') ? name.slice(1) : name
  return ref === undefined ? { kind: 'string', written } : { kind: 'struct', id: idOf(ref), written }
}

const docOf = ({ doc }: { readonly doc: string | undefined }): { readonly doc?: string } => (doc === undefined ? {} : { doc })
