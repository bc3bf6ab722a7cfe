// Descriptors of Protobuf as the linker holds them: the shape of google.protobuf.*DescriptorProto, with names joined to what they mean. Text,
// descriptor sets and reflection all become this, and one step makes the IDL of the engine from it (to-idl.ts).

import type { Place } from '../../../../shared/base/error.ts'
import type { ConstValue, ProtoScalar } from '../../../../shared/model/idl.ts'
import type { SourceFile } from '../source-file.ts'
import type { EnumNode, EnumValueNode, FieldNode, ImportKind, ImportNode, MessageNode, MethodNode, OneofNode, OptionNode, ServiceNode, Visibility } from './ast.ts'

/** What editions make of a definition; proto2 and proto3 are fixed choices of the same. */
export interface Features {
  readonly presence: 'explicit' | 'implicit' | 'required'
  readonly enumType: 'open' | 'closed'
  readonly repeated: 'packed' | 'expanded'
  readonly utf8: 'verify' | 'none'
  readonly encoding: 'length' | 'delimited'
  readonly json: 'allow' | 'legacy'
  readonly naming: 'strict' | 'legacy'
  /** Of symbols without `export` or `local`. */
  readonly visibility: 'all' | 'top' | 'none'
}

/** A value of an option: 64-bit integers are bigint, bytes Buffer, enum values names (numbers where unknown). */
export type OptionValue = boolean | number | bigint | string | Buffer | MessageValue

/** A message among options, by field number. */
export interface MessageValue {
  readonly type: MessageProto | undefined
  readonly fields: Map<number, { readonly field: FieldProto; readonly values: OptionValue[] }>
  /** What a google.protobuf.Any holds, where its type is known. */
  any?: { readonly url: string; readonly value: MessageValue }
}

/** Options as they came: statements of a text, or the encoded message of a descriptor. */
export type RawOptions = readonly OptionNode[] | Uint8Array

interface Entity {
  readonly name: string
  /** Without a leading dot. */
  readonly fullName: string
  readonly file: FileProto
  readonly raw: RawOptions
  /** Set once options are interpreted. */
  options: MessageValue | undefined
  features: Features | undefined
  readonly at: Place
  readonly doc: string | undefined
}

export type FieldKind = ProtoScalar | 'message' | 'group' | 'enum'

export interface FieldProto extends Entity {
  readonly kind: 'field'
  readonly number: number
  label: 'optional' | 'required' | 'repeated'
  /** Undefined until the name of the type is resolved, or for ever where it means nothing. */
  type: FieldKind | undefined
  ref: MessageProto | EnumProto | undefined
  /** As written; of descriptors the full name. */
  readonly typeName: string
  jsonName: string
  readonly oneof: OneofProto | undefined
  readonly proto3Optional: boolean
  /** Where the field is declared: a message, or a file for extensions outside of messages. */
  readonly parent: MessageProto | FileProto
  readonly isExtension: boolean
  extendeeName: string
  extendee: MessageProto | undefined
  defaultValue: ConstValue | undefined
  /** A default that a descriptor holds as text. */
  readonly defaultText: string | undefined
  readonly node: FieldNode | undefined
}

export interface OneofProto extends Entity {
  readonly kind: 'oneof'
  readonly parent: MessageProto
  readonly node: OneofNode | undefined
}

/** `to` is one past the last number. */
export interface RangeProto {
  readonly from: number
  readonly to: number
  readonly raw: RawOptions
  options: MessageValue | undefined
}

export interface MessageProto extends Entity {
  readonly kind: 'message'
  readonly parent: MessageProto | FileProto
  readonly fields: FieldProto[]
  readonly oneofs: OneofProto[]
  readonly messages: MessageProto[]
  readonly enums: EnumProto[]
  readonly extensions: FieldProto[]
  readonly extensionRanges: RangeProto[]
  readonly reserved: { readonly from: number; readonly to: number }[]
  readonly reservedNames: string[]
  readonly mapEntry: boolean
  readonly visibility: Visibility
  readonly node: MessageNode | undefined
}

export interface EnumValueProto extends Entity {
  readonly kind: 'value'
  readonly number: number
  readonly node: EnumValueNode | undefined
}

export interface EnumProto extends Entity {
  readonly kind: 'enum'
  readonly parent: MessageProto | FileProto
  readonly values: EnumValueProto[]
  /** `to` is the last number here, as in google.protobuf.EnumDescriptorProto. */
  readonly reserved: { readonly from: number; readonly to: number }[]
  readonly reservedNames: string[]
  readonly visibility: Visibility
  readonly node: EnumNode | undefined
}

export interface MethodProto extends Entity {
  readonly kind: 'method'
  readonly inputName: string
  readonly outputName: string
  input: MessageProto | undefined
  output: MessageProto | undefined
  readonly clientStreaming: boolean
  readonly serverStreaming: boolean
  readonly node: MethodNode | undefined
}

export interface ServiceProto extends Entity {
  readonly kind: 'service'
  readonly methods: MethodProto[]
  readonly node: ServiceNode | undefined
}

export interface ImportProto {
  readonly path: string
  readonly kind: ImportKind
  /** Undefined where the file could not be had. */
  target: FileProto | undefined
  used: boolean
  readonly node: ImportNode | undefined
}

export interface FileProto {
  readonly kind: 'file'
  /** Under which people know it. */
  readonly path: string
  /** Undefined for what came without text. */
  readonly source: SourceFile | undefined
  readonly package: string
  readonly syntax: 'proto2' | 'proto3' | 'editions'
  /** Such as `2023`; empty outside of editions. */
  readonly edition: string
  readonly imports: ImportProto[]
  readonly messages: MessageProto[]
  readonly enums: EnumProto[]
  readonly extensions: FieldProto[]
  readonly services: ServiceProto[]
  readonly raw: RawOptions
  options: MessageValue | undefined
  features: Features | undefined
  /** This file, what it imports, and what those import publicly. */
  visible: ReadonlySet<FileProto> | undefined
}

export type AnyEntity = FieldProto | OneofProto | MessageProto | EnumValueProto | EnumProto | MethodProto | ServiceProto

export const scalarTypes: ReadonlySet<string> = new Set<ProtoScalar>([
  'double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes',
])

/** True for the name of a scalar type. */
export const isScalar = (name: string): name is ProtoScalar => scalarTypes.has(name)

/** The JSON name of a field: as protoc's ToJsonName makes it. */
export function jsonNameOf(name: string): string {
  if (!name.includes('_')) return name
  let result = ''
  let upper = false
  for (const char of name) {
    if (char !== '_') result += upper && char >= 'a' && char <= 'z' ? char.toUpperCase() : char
    upper = char === '_'
  }
  return result
}

/** The name of the message of a map's entries, as protoc's MapEntryName makes it. */
export function mapEntryName(name: string): string {
  let result = ''
  let upper = true
  for (const char of name) {
    if (char === '_') upper = true
    else {
      result += upper && char >= 'a' && char <= 'z' ? char.toUpperCase() : char
      upper = false
    }
  }
  return `${result}Entry`
}

/** A name within a scope. */
export const within = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`)

/** The scope of what a message or file declares. */
export const scopeOf = (parent: MessageProto | FileProto): string => (parent.kind === 'file' ? parent.package : parent.fullName)

interface Flat {
  readonly messages: readonly MessageProto[]
  readonly enums: readonly EnumProto[]
  readonly extensions: readonly FieldProto[]
}

const flats = new WeakMap<FileProto, Flat>()

// Asked by every step over a file, which has all its definitions by then.
function flatOf(file: FileProto): Flat {
  const known = flats.get(file)
  if (known !== undefined) return known
  const messages = [...nestedIn(file)]
  const flat = { messages, enums: [...file.enums, ...messages.flatMap((one) => one.enums)], extensions: [...file.extensions, ...messages.flatMap((one) => one.extensions)] }
  flats.set(file, flat)
  return flat
}

function* nestedIn(parent: FileProto | MessageProto): Iterable<MessageProto> {
  for (const message of parent.messages) {
    yield message
    if (message.messages.length > 0) yield* nestedIn(message)
  }
}

/** Every message of a file, outer ones before those in them. Ask when the file is whole. */
export const messagesOf = (file: FileProto): readonly MessageProto[] => flatOf(file).messages

/** Every enum of a file, also within messages. */
export const enumsOf = (file: FileProto): readonly EnumProto[] => flatOf(file).enums

/** Every extension that a file declares, also within messages. */
export const extensionsOf = (file: FileProto): readonly FieldProto[] => flatOf(file).extensions

interface Members {
  readonly byName: ReadonlyMap<string, FieldProto>
  readonly byNumber: ReadonlyMap<number, FieldProto>
}

const members = new WeakMap<MessageProto, Members>()

/** Fields of a message by name (of groups that of the message too) and by number. Ask when the message is whole. */
export function membersOf(message: MessageProto): Members {
  const known = members.get(message)
  if (known !== undefined) return known
  const byName = new Map<string, FieldProto>()
  const byNumber = new Map<number, FieldProto>()
  for (const field of message.fields) {
    byName.set(field.name, field)
    if (field.type === 'group' && field.ref !== undefined) byName.set(field.ref.name, field)
    byNumber.set(field.number, field)
  }
  const found = { byName, byNumber }
  members.set(message, found)
  return found
}
