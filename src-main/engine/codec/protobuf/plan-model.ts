// The IDL as the codec wants it, as types: what compiled code is made from and what walks values. `plan.ts` makes them.

import type { FieldDescriptor, ProtoField, ProtoScalar } from '../../../../shared/model/idl.ts'
import type { ByteReader } from './reader.ts'
import type { MessageValue } from './value.ts'
import type { WellKnown } from './well-known.ts'
import type { ByteWriter } from './writer.ts'

export interface EnumPlan {
  readonly name: string
  readonly fullName: string
  readonly byName: ReadonlyMap<string, number>
  /** The first name of a number that has several. */
  readonly byValue: ReadonlyMap<number, string>
  /** Numbers that it does not know are unknown fields. */
  readonly closed: boolean
  readonly first: number
}

/** Type of a field, or of the elements, keys or values of one. */
export type ValuePlan =
  | { readonly kind: 'scalar'; readonly type: ProtoScalar; readonly validateUtf8: boolean; readonly written: string }
  | { readonly kind: 'enum'; readonly type: 'enum'; readonly enum: EnumPlan; readonly written: string }
  | { readonly kind: 'message'; readonly type: 'message' | 'group'; readonly message: MessagePlan; readonly written: string }

export interface FieldPlan {
  readonly id: number
  /** Its name in the source; of an extension its full name in brackets. */
  readonly name: string
  readonly jsonName: string
  /** `"jsonName":`, ready to be written. */
  readonly jsonKey: string
  readonly property: string
  readonly shape: 'single' | 'repeated' | 'map'
  /** Of the field itself, or of its elements or map values. */
  readonly value: ValuePlan
  /** Of a map. */
  readonly key: ValuePlan | undefined
  readonly presence: ProtoField['presence']
  readonly packed: boolean
  readonly isExtension: boolean
  readonly oneof: string | undefined
  readonly defaultValue: FieldDescriptor['defaultValue']
  /** The type as the source writes it. */
  readonly written: string
}

/** Writes the set fields of a value in front of what the writer holds. */
export type Encoder = (writer: ByteWriter, value: MessageValue) => void
/**
 * Reads from the reader's place to `end`, or to the closing tag `group` of a group (else 0); depth counts from 1. What was read before of
 * the same field is handed in as `into` and merged.
 */
export type Decoder = (reader: ByteReader, end: number, depth: number, group: number, into?: MessageValue) => MessageValue
/** Makes values with every field unset. */
export type Shape = new () => MessageValue

export interface MessagePlan {
  readonly name: string
  readonly fullName: string
  /** In order of their numbers, extensions among them. */
  readonly fields: readonly FieldPlan[]
  /** By JSON name and by name. */
  readonly byName: ReadonlyMap<string, FieldPlan>
  readonly byId: ReadonlyMap<number, FieldPlan>
  readonly required: readonly FieldPlan[]
  /** Set where ProtoJSON has a form of its own. */
  readonly wellKnown: WellKnown | undefined
  readonly shape: Shape
  readonly encode: Encoder
  readonly decode: Decoder
  /** The plan of a message by its full name, which the contents of an Any need. */
  readonly lookUp: (fullName: string) => MessagePlan | undefined
}
