// The IDL as the codec wants it: types with their wire ids, fields found by name, and one encoder and decoder per struct that are
// compiled on first use. Everything is made on demand, so neither recursive types nor a set of a thousand structs cost anything
// before they are met.

import { assertExists } from '../../../../shared/base/assert.ts'
import type { EnumDescriptor, FieldDescriptor, IdlSet, IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'
import { compileCompactDecoder, compileCompactEncoder } from './compact/generate.ts'
import { compileDecoder, compileEncoder, compileShape } from './generate.ts'
import type { CompactDecoder, CompactEncoder, Decoder, Encoder, EnumPlan, FieldPlan, Shape, StructPlan, TypePlan } from './plan-model.ts'
import { propertyOf } from './value.ts'
import { wire } from './wire.ts'

/** What a struct plan is made of: an IDL struct, or the arguments or result of a method. */
export type StructSource = Pick<StructDescriptor, 'kind' | 'name' | 'fields'>

/** Plans of one IDL set; types are shared between its methods. */
export class PlanSet {
  readonly #idl: IdlSet
  readonly #structs = new Map<string, StructPlan>()
  readonly #enums = new Map<string, EnumPlan>()

  constructor(idl: IdlSet) {
    this.#idl = idl
  }

  struct(id: string): StructPlan {
    let plan = this.#structs.get(id)
    if (plan === undefined) {
      plan = new LazyStructPlan(this, assertExists(this.#idl.structs[id], `the linked IDL has the struct ${id}`))
      this.#structs.set(id, plan)
    }
    return plan
  }

  type(type: IdlType): TypePlan {
    const { written } = type
    switch (type.kind) {
      case 'list':
      case 'set':
        return { kind: type.kind, wire: wire[type.kind], element: this.type(type.element), written }
      case 'map':
        return { kind: 'map', wire: wire.map, key: this.type(type.key), value: this.type(type.value), written }
      case 'struct':
        return { kind: 'struct', wire: wire.struct, struct: this.struct(type.id), written }
      case 'enum':
        return { kind: 'enum', wire: wire.i32, enum: this.#enum(type.id), written }
      case 'binary':
        return { kind: 'binary', wire: wire.string, written }
      case 'float':
      case 'u32':
      case 'u64':
        throw new Error(`believed: Thrift has no ${type.kind}`)
      default:
        return { kind: type.kind, wire: wire[type.kind], written }
    }
  }

  #enum(id: string): EnumPlan {
    let plan = this.#enums.get(id)
    if (plan === undefined) {
      plan = planEnum(assertExists(this.#idl.enums[id], `the linked IDL has the enum ${id}`))
      this.#enums.set(id, plan)
    }
    return plan
  }
}

function planEnum({ name, values }: EnumDescriptor): EnumPlan {
  return {
    name,
    byName: new Map(values.map((entry) => [entry.name, entry.value])),
    byValue: new Map([...values].reverse().map((entry) => [entry.value, entry.name])),
  }
}

/** A plan whose fields, shape and code are made when first used. */
export class LazyStructPlan implements StructPlan {
  readonly name: string
  readonly kind: StructDescriptor['kind']
  readonly #source: StructSource
  readonly #plans: PlanSet
  #fields: readonly FieldPlan[] | undefined
  #byName: ReadonlyMap<string, FieldPlan> | undefined
  #shape: Shape | undefined

  // Replaced by compiled code at the first call, so that later calls are direct.
  encode: Encoder = (writer, value) => {
    this.encode = compileEncoder(this)
    this.encode(writer, value)
  }

  decode: Decoder = (reader, depth) => {
    this.decode = compileDecoder(this)
    return this.decode(reader, depth)
  }

  encodeCompact: CompactEncoder = (writer, value) => {
    this.encodeCompact = compileCompactEncoder(this)
    this.encodeCompact(writer, value)
  }

  decodeCompact: CompactDecoder = (reader, depth) => {
    this.decodeCompact = compileCompactDecoder(this)
    return this.decodeCompact(reader, depth)
  }

  constructor(plans: PlanSet, source: StructSource) {
    this.name = source.name
    this.kind = source.kind
    this.#source = source
    this.#plans = plans
  }

  get fields(): readonly FieldPlan[] {
    this.#fields ??= this.#source.fields.map((field) => planField(this.#plans, field))
    return this.#fields
  }

  get byName(): ReadonlyMap<string, FieldPlan> {
    this.#byName ??= this.#nameFields()
    return this.#byName
  }

  /** Makes values with every field unset. */
  get shape(): Shape {
    this.#shape ??= compileShape(this)
    return this.#shape
  }

  #nameFields(): ReadonlyMap<string, FieldPlan> {
    const byName = new Map(this.fields.map((field) => [field.name, field]))
    this.#source.fields.forEach((source, index) => {
      const alias = jsonAlias(source)
      const field = this.fields[index]
      if (alias !== undefined && field !== undefined && !byName.has(alias)) byName.set(alias, field)
    })
    return byName
  }
}

const planSets = new WeakMap<IdlSet, PlanSet>()

/** Plans of an IDL set, shared by everything that reads or writes its types. */
export function plansOf(idl: IdlSet): PlanSet {
  let plans = planSets.get(idl)
  if (plans === undefined) {
    plans = new PlanSet(idl)
    planSets.set(idl, plans)
  }
  return plans
}

function planField(plans: PlanSet, { id, name, type, requiredness, defaultValue }: FieldDescriptor): FieldPlan {
  return { id, name, property: propertyOf(name), type: plans.type(type), requiredness, defaultValue }
}

function jsonAlias({ annotations }: FieldDescriptor): string | undefined {
  const tag = annotations['go.tag']?.at(-1)
  const alias = tag === undefined ? undefined : /(?:^|\s)json:\\?"([^",\\]+)/.exec(tag)?.[1]
  return alias === '-' ? undefined : alias
}
