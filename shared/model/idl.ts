// What a parsed and linked IDL is to everybody else: plain data that crosses processes, one model for Thrift and Protobuf.
// Types refer to structs and enums by id, so the tables may be cyclic while the data is not.

import type { Place, Text } from '../base/error.ts'

/** `file path#Name`: unique over a set of files. */
export type TypeId = string

/** `float`, `u32` and `u64` are Protobuf's only; which of its wire forms an integer has stands in {@link ProtoField}. */
export type BaseKind = 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'uuid' | 'float' | 'u32' | 'u64'

/** A type with typedefs resolved. `written` is the source's own spelling, typedefs kept and included names qualified. */
export type IdlType =
  | { readonly kind: BaseKind; readonly written: string }
  | { readonly kind: 'void'; readonly written: 'void' }
  | { readonly kind: 'list' | 'set'; readonly element: IdlType; readonly written: string }
  | { readonly kind: 'map'; readonly key: IdlType; readonly value: IdlType; readonly written: string }
  | { readonly kind: 'struct' | 'enum'; readonly id: TypeId; readonly written: string }

/** An annotation may repeat, so values are lists; order of first appearance. */
export type Annotations = Readonly<Record<string, readonly string[]>>

export type Requiredness = 'required' | 'optional' | 'default'

/**
 * A constant resolved against its type, as the JSON value of the contract of the command line (cli.md "Values as JSON").
 * Integers beyond 2^53 are kept as `bigint`, which structured clone carries; printers write all their digits.
 */
export type ConstValue = boolean | number | bigint | string | readonly ConstValue[] | { readonly [name: string]: ConstValue }

export type ProtoScalar =
  | 'double' | 'float' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'sint32' | 'sint64' | 'fixed32' | 'fixed64' | 'sfixed32' | 'sfixed64' | 'bool' | 'string' | 'bytes'

/** What a Protobuf field has beyond a Thrift field, with editions' features resolved. */
export interface ProtoField {
  /** Of the field, or of the elements of a repeated one. `group` is a message in delimited form. */
  readonly type: ProtoScalar | 'message' | 'group' | 'enum'
  readonly jsonName: string
  /** `none`: repeated and map fields. Members of a oneof and message fields are explicit. */
  readonly presence: 'explicit' | 'implicit' | 'required' | 'none'
  readonly packed?: boolean
  /** Name of the real oneof that it belongs to; proto3 `optional` has none. */
  readonly oneof?: string
  readonly map?: { readonly key: ProtoScalar; readonly value: ProtoScalar | 'message' | 'enum' }
  /** Full name, where the field is an extension: its JSON name is that in brackets. */
  readonly extension?: string
  /** Bytes that are no UTF-8 are refused, as proto3 and editions by default do. */
  readonly validateUtf8?: boolean
}

export interface ProtoMessage {
  /** Without a leading dot; well-known types are known by it. */
  readonly fullName: string
  readonly oneofs: readonly string[]
  /** Extensions of this message that the set declares, by field number. */
  readonly extensions: readonly FieldDescriptor[]
  /** The entry of a map field, which values never show. */
  readonly mapEntry?: boolean
}

export interface FieldDescriptor {
  readonly id: number
  readonly name: string
  readonly type: IdlType
  readonly requiredness: Requiredness
  readonly defaultValue?: ConstValue
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
  /** Of Protobuf fields only. */
  readonly proto?: ProtoField
}

export interface StructDescriptor {
  readonly kind: 'struct' | 'union' | 'exception'
  readonly id: TypeId
  readonly name: string
  /** In id order, which is the order in which values are shown and written. */
  readonly fields: readonly FieldDescriptor[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
  /** Of Protobuf messages only. */
  readonly proto?: ProtoMessage
}

export interface EnumDescriptor {
  readonly kind: 'enum'
  readonly id: TypeId
  readonly name: string
  readonly values: readonly { readonly name: string; readonly value: number; readonly doc?: string }[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
  /** Of Protobuf enums only; a closed one keeps numbers that it does not know among the unknown fields. */
  readonly proto?: { readonly fullName: string; readonly closed: boolean }
}

export type MethodKind = 'unary' | 'oneway' | 'client' | 'server' | 'bidi'

export interface MethodDescriptor {
  readonly name: string
  /** The service that declares it: an inherited method keeps its own. */
  readonly declaredBy: string
  readonly kind: MethodKind
  /** A Protobuf method, and a streaming Thrift method, has one: the message. */
  readonly args: readonly FieldDescriptor[]
  readonly returns: IdlType
  readonly throws: readonly FieldDescriptor[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
}

export interface ServiceDescriptor {
  /** Of Protobuf the full name, `package.Service`. */
  readonly name: string
  /** `none`: made up for a call that no IDL describes (plain HTTP, JSON-RPC). */
  readonly language: 'thrift' | 'proto' | 'none'
  readonly file: string
  readonly extends?: string
  /** Own methods first, then inherited ones. */
  readonly methods: readonly MethodDescriptor[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
}

/** One file as it was written, for `kite idl tree`; the linked view is in {@link IdlSet}. */
export type IdlFile = ThriftFile | ProtoFile

export interface ProtoFile {
  readonly path: string
  readonly kind: 'proto'
  /** One of both. */
  readonly syntax?: 'proto2' | 'proto3'
  readonly edition?: string
  readonly package: string
  readonly imports: readonly string[]
  readonly services: readonly {
    readonly name: string
    readonly methods: readonly { readonly name: string; readonly streaming: 'none' | 'client' | 'server' | 'bidi'; readonly input: string; readonly output: string; readonly annotations: Annotations }[]
    readonly annotations: Annotations
  }[]
  /** Flat, nested ones by their full names, map entries left out. */
  readonly messages: readonly { readonly name: string; readonly fields: readonly ProtoFileField[]; readonly annotations: Annotations }[]
  readonly enums: readonly { readonly name: string; readonly values: readonly (readonly [string, number])[]; readonly annotations: Annotations }[]
  readonly extensions: readonly (ProtoFileField & { readonly extendee: string })[]
  readonly annotations: Annotations
}

export interface ProtoFileField {
  readonly id: number
  readonly name: string
  readonly jsonName: string
  readonly type: string
  readonly label: 'optional' | 'required' | 'repeated' | 'map' | 'none'
  readonly oneof?: string
  readonly default?: ConstValue
  readonly annotations: Annotations
}

export interface ThriftFile {
  readonly path: string
  readonly kind: 'thrift'
  readonly namespaces: Readonly<Record<string, string>>
  readonly includes: readonly string[]
  readonly services: readonly {
    readonly name: string
    readonly extends?: string
    readonly methods: readonly {
      readonly name: string
      readonly oneway: boolean
      readonly returns: string
      readonly args: readonly IdlFileField[]
      readonly throws: readonly IdlFileField[]
      readonly annotations: Annotations
    }[]
  }[]
  readonly structs: readonly { readonly kind: 'struct' | 'union' | 'exception'; readonly name: string; readonly fields: readonly IdlFileField[]; readonly annotations: Annotations }[]
  readonly enums: readonly { readonly name: string; readonly values: readonly (readonly [string, number])[] }[]
  readonly typedefs: readonly (readonly [string, string])[]
  readonly consts: readonly { readonly name: string; readonly type: string; readonly value: ConstValue }[]
}

export interface IdlFileField {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly requiredness: Requiredness
  readonly default: ConstValue | null
  readonly annotations: Annotations
}

export type Severity = 'error' | 'warning'

export interface Diagnostic {
  readonly severity: Severity
  /** Stable and greppable, such as `unknown-type`. */
  readonly code: string
  readonly text: Text
  readonly suggestion?: Text
  readonly at: Place & { readonly file: string; readonly line: number; readonly column: number }
  /** One past the last character, for editors. */
  readonly end?: { readonly line: number; readonly column: number }
}

/** Everything loaded together: several roots and what they include. Usable for calls when no diagnostic is an error. */
export interface IdlSet {
  /** Roots first, then includes, in the order first met. */
  readonly files: readonly IdlFile[]
  readonly services: readonly ServiceDescriptor[]
  readonly structs: Readonly<Record<TypeId, StructDescriptor>>
  readonly enums: Readonly<Record<TypeId, EnumDescriptor>>
  readonly diagnostics: readonly Diagnostic[]
}
