// What a parsed and linked IDL is to everybody else: plain data that crosses processes, one model for Thrift and Protobuf.
// Types refer to structs and enums by id, so the tables may be cyclic while the data is not.

import type { Place, Text } from '../base/error.ts'

/** `file path#Name`: unique over a set of files. */
export type TypeId = string

export type BaseKind = 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'uuid'

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

export interface FieldDescriptor {
  readonly id: number
  readonly name: string
  readonly type: IdlType
  readonly requiredness: Requiredness
  readonly defaultValue?: ConstValue
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
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
}

export interface EnumDescriptor {
  readonly kind: 'enum'
  readonly id: TypeId
  readonly name: string
  readonly values: readonly { readonly name: string; readonly value: number; readonly doc?: string }[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
}

export type MethodKind = 'unary' | 'oneway' | 'client' | 'server' | 'bidi'

export interface MethodDescriptor {
  readonly name: string
  /** The service that declares it: an inherited method keeps its own. */
  readonly declaredBy: string
  readonly kind: MethodKind
  readonly args: readonly FieldDescriptor[]
  readonly returns: IdlType
  readonly throws: readonly FieldDescriptor[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
}

export interface ServiceDescriptor {
  readonly name: string
  readonly file: string
  readonly extends?: string
  /** Own methods first, then inherited ones. */
  readonly methods: readonly MethodDescriptor[]
  readonly annotations: Annotations
  readonly doc?: string
  readonly at: Place
}

/** One file as it was written, for `kite idl tree`; the linked view is in {@link IdlSet}. */
export interface IdlFile {
  readonly path: string
  readonly kind: 'thrift' | 'proto'
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
