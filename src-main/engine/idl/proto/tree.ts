// One file for `kite idl tree`: full names without a leading dot, nested messages flat, entries of maps left out.

import type { ProtoFile, ProtoFileField } from '../../../../shared/model/idl.ts'
import { enumsOf, extensionsOf, messagesOf, type EnumProto, type FieldProto, type FileProto, type MessageProto, type MethodProto, type ServiceProto } from './model.ts'
import { annotationsOf } from './annotations.ts'

/** The tree of one file. */
export function treeOf(file: FileProto): ProtoFile {
  return {
    path: file.path, kind: 'proto',
    ...(file.syntax === 'editions' ? { edition: file.edition } : { syntax: file.syntax }),
    package: file.package, imports: file.imports.map(({ path }) => path),
    services: file.services.map(serviceTree),
    messages: messagesOf(file).filter(({ mapEntry }) => !mapEntry).map(messageTree),
    enums: enumsOf(file).map(enumTree),
    extensions: extensionsOf(file).map((field) => ({ ...fieldTree(field), extendee: field.extendee?.fullName ?? bare(field.extendeeName) })),
    annotations: annotationsOf(file.options),
  }
}

const serviceTree = (service: ServiceProto): ProtoFile['services'][number] => ({ name: service.fullName, methods: service.methods.map(methodTree), annotations: annotationsOf(service.options) })

function methodTree(method: MethodProto): ProtoFile['services'][number]['methods'][number] {
  const { clientStreaming, serverStreaming } = method
  return {
    name: method.name, streaming: clientStreaming ? (serverStreaming ? 'bidi' : 'client') : serverStreaming ? 'server' : 'none',
    input: method.input?.fullName ?? bare(method.inputName), output: method.output?.fullName ?? bare(method.outputName), annotations: annotationsOf(method.options),
  }
}

const messageTree = (message: MessageProto): ProtoFile['messages'][number] => ({ name: message.fullName, fields: message.fields.map(fieldTree), annotations: annotationsOf(message.options) })

const enumTree = (one: EnumProto): ProtoFile['enums'][number] => ({ name: one.fullName, values: one.values.map(({ name, number }) => [name, number] as const), annotations: annotationsOf(one.options) })

function fieldTree(field: FieldProto): ProtoFileField {
  const draft: { -readonly [K in keyof ProtoFileField]: ProtoFileField[K] } = {
    id: field.number, name: field.name, jsonName: field.jsonName, type: typeText(field), label: labelOf(field), annotations: annotationsOf(field.options),
  }
  if (field.oneof !== undefined) draft.oneof = field.oneof.name
  if (field.defaultValue !== undefined) draft.default = field.defaultValue
  return draft
}

function labelOf(field: FieldProto): ProtoFileField['label'] {
  if (field.ref?.kind === 'message' && field.ref.mapEntry) return 'map'
  if (field.label !== 'optional') return field.label
  // Said or, in proto2, the only thing that is left to be; other fields have none.
  return field.oneof === undefined && (field.proto3Optional || field.file.syntax === 'proto2') ? 'optional' : 'none'
}

function typeText(field: FieldProto): string {
  const [key, value] = field.ref?.kind === 'message' && field.ref.mapEntry ? field.ref.fields : []
  if (key !== undefined && value !== undefined) return `map<${typeText(key)}, ${typeText(value)}>`
  return field.ref?.fullName ?? bare(field.typeName)
}

const bare = (name: string): string => (name.startsWith('.') ? name.slice(1) : name)
