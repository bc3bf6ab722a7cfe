// The IDL as the codec wants it, as types: what compiled code is made from and what walks values. `plan.ts` makes them.

import type { FieldDescriptor, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { CompactReader } from './compact/reader.ts'
import type { CompactWriter } from './compact/writer.ts'
import type { ByteReader } from './reader.ts'
import type { ThriftStruct } from './value.ts'
import type { ByteWriter } from './writer.ts'

export type ScalarKind = 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'uuid'

export interface EnumPlan {
  readonly name: string
  readonly byName: ReadonlyMap<string, number>
  /** The first name of a value that has several. */
  readonly byValue: ReadonlyMap<number, string>
}

export type TypePlan =
  | { readonly kind: ScalarKind; readonly wire: number; readonly written: string }
  | { readonly kind: 'void'; readonly wire: number; readonly written: string }
  | { readonly kind: 'enum'; readonly wire: number; readonly enum: EnumPlan; readonly written: string }
  | { readonly kind: 'list' | 'set'; readonly wire: number; readonly element: TypePlan; readonly written: string }
  | { readonly kind: 'map'; readonly wire: number; readonly key: TypePlan; readonly value: TypePlan; readonly written: string }
  | { readonly kind: 'struct'; readonly wire: number; readonly struct: StructPlan; readonly written: string }

export interface FieldPlan {
  readonly id: number
  readonly name: string
  readonly property: string
  readonly type: TypePlan
  readonly requiredness: FieldDescriptor['requiredness']
  readonly defaultValue: FieldDescriptor['defaultValue']
}

/** Writes the set fields of a value. */
export type Encoder = (writer: ByteWriter, value: ThriftStruct) => void
/** Reads a value at the reader's place; depth counts from 1. */
export type Decoder = (reader: ByteReader, depth: number) => ThriftStruct
export type CompactEncoder = (writer: CompactWriter, value: ThriftStruct) => void
export type CompactDecoder = (reader: CompactReader, depth: number) => ThriftStruct
/** Makes values with every field unset. */
export type Shape = new () => ThriftStruct

/** One struct, union or exception, or the arguments or result of a method. */
export interface StructPlan {
  readonly name: string
  readonly kind: StructDescriptor['kind']
  readonly fields: readonly FieldPlan[]
  /** By name, and by the alias of a `go.tag` annotation where no field has that name. */
  readonly byName: ReadonlyMap<string, FieldPlan>
  readonly shape: Shape
  readonly encode: Encoder
  readonly decode: Decoder
  readonly encodeCompact: CompactEncoder
  readonly decodeCompact: CompactDecoder
}
