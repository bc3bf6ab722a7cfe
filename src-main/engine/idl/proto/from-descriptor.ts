// From google.protobuf.FileDescriptorProto, as descriptor sets and reflection have it, to our descriptors. Names stay names here; joining
// files and names is the linker's, for text and descriptors alike.

import { toBinary, type DescMessage, type Message } from '@bufbuild/protobuf'
import {
  EnumOptionsSchema, EnumValueOptionsSchema, ExtensionRangeOptionsSchema, FieldOptionsSchema, FileOptionsSchema, MessageOptionsSchema, MethodOptionsSchema, OneofOptionsSchema, ServiceOptionsSchema,
  type DescriptorProto, type EnumDescriptorProto, type FieldDescriptorProto, type FileDescriptorProto, type ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js'
import type { Visibility } from './ast.ts'
import { emptyMessage } from './build.ts'
import { jsonNameOf, scopeOf, within, type EnumProto, type FieldKind, type FieldProto, type FileProto, type ImportProto, type MessageProto, type RawOptions, type ServiceProto } from './model.ts'

/** By the numbers of google.protobuf.FieldDescriptorProto.Type. */
const fieldTypes: readonly (FieldKind | undefined)[] = [
  undefined, 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string', 'group', 'message', 'bytes', 'uint32', 'enum', 'sfixed32', 'sfixed64', 'sint32', 'sint64',
]
const labels = ['optional', 'optional', 'required', 'repeated'] as const
const noOptions: RawOptions = []
/** Extension ranges of message sets, and reserved ones of enums, go to this. */
const visibilities: readonly Visibility[] = [undefined, 'local', 'export']

/** Our descriptor of a file; `path` is its name unless told otherwise. */
export function fileFromDescriptor(proto: FileDescriptorProto, path = proto.name): FileProto {
  const file: FileProto = {
    kind: 'file', path, source: undefined, package: proto.package,
    syntax: proto.syntax === 'editions' ? 'editions' : proto.syntax === 'proto3' ? 'proto3' : 'proto2',
    edition: proto.syntax === 'editions' ? editionText(proto.edition) : '',
    imports: importsOf(proto), messages: [], enums: [], extensions: [], services: [], raw: rawOf(FileOptionsSchema, proto.options), options: undefined, features: undefined, visible: undefined,
  }
  for (const one of proto.messageType) file.messages.push(messageOf(file, file, one))
  for (const one of proto.enumType) file.enums.push(enumOf(file, file, one))
  for (const one of proto.extension) file.extensions.push(fieldOf(file, file, one))
  for (const one of proto.service) file.services.push(serviceOf(file, one))
  return file
}

const editionText = (edition: number): string => (edition >= 1000 && edition < 1100 ? String(edition + 1023) : String(edition))

function importsOf(proto: FileDescriptorProto): ImportProto[] {
  const kindAt = (index: number): ImportProto['kind'] => (proto.publicDependency.includes(index) ? 'public' : proto.weakDependency.includes(index) ? 'weak' : 'plain')
  const plain = proto.dependency.map((path, index): ImportProto => ({ path, kind: kindAt(index), target: undefined, used: true, node: undefined }))
  return [...plain, ...proto.optionDependency.map((path): ImportProto => ({ path, kind: 'option', target: undefined, used: true, node: undefined }))]
}

function rawOf(schema: DescMessage, options: Message | undefined): RawOptions {
  return options === undefined ? noOptions : toBinary(schema, options)
}

const entity = (file: FileProto, scope: string, name: string, raw: RawOptions): Pick<FieldProto, 'name' | 'fullName' | 'file' | 'raw' | 'options' | 'features' | 'at' | 'doc'> => ({
  name, fullName: within(scope, name), file, raw, options: undefined, features: undefined, at: { file: file.path }, doc: undefined,
})

function messageOf(file: FileProto, parent: MessageProto | FileProto, proto: DescriptorProto): MessageProto {
  const mapEntry = proto.options?.mapEntry === true
  const message: MessageProto = {
    // That it is one is all that an entry's options say.
    ...emptyMessage(entity(file, scopeOf(parent), proto.name, mapEntry ? noOptions : rawOf(MessageOptionsSchema, proto.options)), parent, undefined),
    mapEntry,
    visibility: visibilities[proto.visibility],
  }
  const scope = message.fullName
  // Those of proto3 optional fields are none.
  const synthetic = new Set(proto.field.filter(({ proto3Optional }) => proto3Optional).map(({ oneofIndex }) => oneofIndex))
  const oneofs = proto.oneofDecl.map((one) => ({ kind: 'oneof' as const, ...entity(file, scope, one.name, rawOf(OneofOptionsSchema, one.options)), parent: message, node: undefined }))
  message.oneofs.push(...oneofs.filter((_, index) => !synthetic.has(index)))
  for (const one of proto.nestedType) message.messages.push(messageOf(file, message, one))
  for (const one of proto.enumType) message.enums.push(enumOf(file, message, one))
  for (const one of proto.field) message.fields.push(fieldOf(file, message, one, Object.hasOwn(one, 'oneofIndex') && !one.proto3Optional ? oneofs[one.oneofIndex] : undefined))
  for (const one of proto.extension) message.extensions.push(fieldOf(file, message, one))
  for (const { start, end, options } of proto.extensionRange) message.extensionRanges.push({ from: start, to: end, raw: rawOf(ExtensionRangeOptionsSchema, options), options: undefined })
  for (const { start, end } of proto.reservedRange) message.reserved.push({ from: start, to: end })
  message.reservedNames.push(...proto.reservedName)
  return message
}

function fieldOf(file: FileProto, parent: MessageProto | FileProto, proto: FieldDescriptorProto, oneof?: FieldProto['oneof']): FieldProto {
  const type = fieldTypes[proto.type]
  const isExtension = proto.extendee !== ''
  return {
    kind: 'field',
    ...entity(file, scopeOf(parent), proto.name, rawOf(FieldOptionsSchema, proto.options)),
    number: proto.number, label: labels[proto.label] ?? 'optional', type, ref: undefined, typeName: proto.typeName === '' ? (type ?? '') : proto.typeName,
    jsonName: proto.jsonName === '' ? jsonNameOf(proto.name) : proto.jsonName,
    oneof, proto3Optional: proto.proto3Optional, parent, isExtension, extendeeName: proto.extendee, extendee: undefined,
    defaultValue: undefined, defaultText: Object.hasOwn(proto, 'defaultValue') ? proto.defaultValue : undefined, node: undefined,
  }
}

function enumOf(file: FileProto, parent: MessageProto | FileProto, proto: EnumDescriptorProto): EnumProto {
  const scope = scopeOf(parent)
  return {
    kind: 'enum', ...entity(file, scope, proto.name, rawOf(EnumOptionsSchema, proto.options)), parent,
    values: proto.value.map((one) => ({ kind: 'value', ...entity(file, scope, one.name, rawOf(EnumValueOptionsSchema, one.options)), number: one.number, node: undefined })),
    reserved: proto.reservedRange.map(({ start, end }) => ({ from: start, to: end })), reservedNames: [...proto.reservedName], visibility: visibilities[proto.visibility], node: undefined,
  }
}

function serviceOf(file: FileProto, proto: ServiceDescriptorProto): ServiceProto {
  const service: ServiceProto = { kind: 'service', ...entity(file, file.package, proto.name, rawOf(ServiceOptionsSchema, proto.options)), methods: [], node: undefined }
  for (const one of proto.method) {
    service.methods.push({
      kind: 'method', ...entity(file, service.fullName, one.name, rawOf(MethodOptionsSchema, one.options)), inputName: one.inputType, outputName: one.outputType, input: undefined, output: undefined,
      clientStreaming: one.clientStreaming, serverStreaming: one.serverStreaming, node: undefined,
    })
  }
  return service
}
