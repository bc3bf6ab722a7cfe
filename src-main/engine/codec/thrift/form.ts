// What differs between Thrift's two ways onto the wire, Binary and Compact. Plans, JSON, warnings, method codecs and the byte view are
// written once over it; hot paths are compiled for each form by itself.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { CodecName, DecodeLimits, MessageHead } from '../codec.ts'
import type { ContainerHeader, FieldHeader } from './headers.ts'
import type { StructPlan, TypePlan } from './plan-model.ts'
import type { ThriftStruct } from './value.ts'

export interface WireForm {
  readonly name: CodecName
  /** Bytes of a struct. */
  encode(plan: StructPlan, value: ThriftStruct): Buffer
  /** A whole message: head, then the struct. */
  encodeMessage(type: MessageHead['type'], method: string, seqId: number, plan: StructPlan, value: ThriftStruct): Buffer
  /** Reads a struct at `at`; throws `Breach`. */
  decode(plan: StructPlan, bytes: Buffer, at: number, limits: DecodeLimits): { readonly value: ThriftStruct; readonly end: number }
  /** The head that begins at `at`; undefined while bytes are missing; throws `Breach`. */
  readHead(bytes: Buffer, at: number): MessageHead | undefined
  /** The parts of a head in the order of the wire. */
  headParts(bytes: Buffer, head: MessageHead): readonly HeadPart[]
  /** Where the result struct begins: one of our peers writes something before it. */
  resultAt(bytes: Buffer, at: number): number
  walk(bytes: Buffer, at: number): WireWalk
}

/** A leaf of the byte view that is `length` bytes long. */
export type HeadPart = Omit<ByteNode, 'start' | 'end'> & { readonly length: number }

/** Bytes read slowly, one piece at a time, by wire types alone: what the byte view is made from. Everything throws `Breach`. */
export interface WireWalk {
  readonly bytes: Buffer
  readonly end: number
  readonly maxDepth: number
  at: number
  tooDeep(): never
  /** The header at `at`, not passed; undefined: the stop byte. `before` is the id of the field before, 0 at first. */
  field(before: number): FieldHeader | undefined
  /** The header at `at`, not passed. */
  container(type: number): ContainerHeader
  /** Passes a value that holds no others and gives its text; `plan` where the IDL knows it. */
  scalar(type: number, plan: TypePlan | undefined): string
}
