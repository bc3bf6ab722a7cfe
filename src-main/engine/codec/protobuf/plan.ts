// The IDL as the codec wants it: fields found by name and number, and one encoder and decoder per message that are compiled on first use.
// Everything is made on demand, so neither recursive types nor a set of a thousand messages cost anything before they are met.

import { assertExists } from '../../../../shared/base/assert.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { EnumDescriptor, FieldDescriptor, IdlSet, IdlType, ProtoField, ProtoScalar, StructDescriptor } from '../../../../shared/model/idl.ts'
import { compileDecoder } from './generate-decoder.ts'
import { compileEncoder, compileShape } from './generate-encoder.ts'
import type { Decoder, Encoder, EnumPlan, FieldPlan, MessagePlan, Shape, ValuePlan } from './plan-model.ts'
import { propertyOf } from './value.ts'
import { wellKnownOf, type WellKnown } from './well-known.ts'

/** Plans of one IDL set; types are shared between its methods. */
export class PlanSet {
  readonly #idl: IdlSet
  readonly #messages = new Map<string, MessagePlan>()
  readonly #enums = new Map<string, EnumPlan>()
  #ids: ReadonlyMap<string, string> | undefined

  constructor(idl: IdlSet) {
    this.#idl = idl
  }

  message(id: string): MessagePlan {
    let plan = this.#messages.get(id)
    if (plan === undefined) {
      plan = new LazyMessagePlan(this, assertExists(this.#idl.structs[id], `the linked IDL has the message ${id}`))
      this.#messages.set(id, plan)
    }
    return plan
  }

  /** A message by its full name, as an Any tells it. */
  readonly lookUp = (fullName: string): MessagePlan | undefined => {
    this.#ids ??= new Map(Object.values(this.#idl.structs).flatMap(({ id, proto }) => (proto === undefined ? [] : [[proto.fullName, id]])))
    const id = this.#ids.get(fullName)
    return id === undefined ? undefined : this.message(id)
  }

  value(type: IdlType, proto: ProtoScalar | 'message' | 'group' | 'enum', validateUtf8: boolean): ValuePlan {
    const { written } = type
    if (type.kind === 'struct') return { kind: 'message', type: proto === 'group' ? 'group' : 'message', message: this.message(type.id), written }
    if (type.kind === 'enum') return { kind: 'enum', type: 'enum', enum: this.#enum(type.id), written }
    if (proto === 'message' || proto === 'group' || proto === 'enum') throw new Error(`believed: a ${proto} has a type of its own, got ${type.kind}`)
    return { kind: 'scalar', type: proto, validateUtf8, written }
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

function planEnum({ name, values, proto }: EnumDescriptor): EnumPlan {
  return {
    name,
    fullName: proto?.fullName ?? name,
    byName: new Map(values.map((entry) => [entry.name, entry.value])),
    byValue: new Map([...values].reverse().map((entry) => [entry.value, entry.name])),
    closed: proto?.closed ?? false,
    first: values[0]?.value ?? 0,
  }
}

const planSets = new WeakMap<IdlSet, PlanSet>()

/** Plans of an IDL set, shared by everything that reads or writes its messages. */
export function plansOf(idl: IdlSet): PlanSet {
  let plans = planSets.get(idl)
  if (plans === undefined) {
    plans = new PlanSet(idl)
    planSets.set(idl, plans)
  }
  return plans
}

/** A plan whose fields, shape and code are made when first used. */
class LazyMessagePlan implements MessagePlan {
  readonly name: string
  readonly fullName: string
  readonly wellKnown: WellKnown | undefined
  readonly lookUp: MessagePlan['lookUp']
  readonly #source: StructDescriptor
  readonly #plans: PlanSet
  #fields: readonly FieldPlan[] | undefined
  #byName: ReadonlyMap<string, FieldPlan> | undefined
  #byId: ReadonlyMap<number, FieldPlan> | undefined
  #required: readonly FieldPlan[] | undefined
  #shape: Shape | undefined

  // Replaced by compiled code at the first call, so that later calls are direct.
  encode: Encoder = (writer, value) => {
    this.encode = compileEncoder(this)
    this.encode(writer, value)
  }

  decode: Decoder = (reader, end, depth, group, into) => {
    this.decode = compileDecoder(this)
    return this.decode(reader, end, depth, group, into)
  }

  constructor(plans: PlanSet, source: StructDescriptor) {
    this.name = source.name
    this.fullName = source.proto?.fullName ?? source.name
    this.wellKnown = wellKnownOf(source)
    this.lookUp = plans.lookUp
    this.#source = source
    this.#plans = plans
  }

  get fields(): readonly FieldPlan[] {
    const { fields, proto } = this.#source
    this.#fields ??= [...fields, ...(proto?.extensions ?? [])].map((field) => planField(this.#plans, field)).sort((one, other) => one.id - other.id)
    return this.#fields
  }

  get byName(): ReadonlyMap<string, FieldPlan> {
    this.#byName ??= new Map([...this.fields.map((field) => [field.name, field] as const), ...this.fields.map((field) => [field.jsonName, field] as const)])
    return this.#byName
  }

  get byId(): ReadonlyMap<number, FieldPlan> {
    this.#byId ??= new Map(this.fields.map((field) => [field.id, field]))
    return this.#byId
  }

  get required(): readonly FieldPlan[] {
    this.#required ??= this.fields.filter(({ presence }) => presence === 'required')
    return this.#required
  }

  get shape(): Shape {
    this.#shape ??= compileShape(this)
    return this.#shape
  }
}

function planField(plans: PlanSet, field: FieldDescriptor): FieldPlan {
  const proto = assertExists(field.proto, `the field ${field.name} is of Protobuf`)
  const { type } = field
  const name = proto.extension === undefined ? field.name : `[${proto.extension}]`
  const jsonName = proto.extension === undefined ? proto.jsonName : name
  const utf8 = proto.validateUtf8 ?? false
  const common = {
    id: field.id, name, jsonName, jsonKey: `${quoteJson(jsonName)}:`, property: propertyOf(name), presence: proto.presence, packed: proto.packed ?? false, isExtension: proto.extension !== undefined,
    oneof: proto.oneof, defaultValue: field.defaultValue, written: type.written,
  }
  if (type.kind === 'map') return { ...common, shape: 'map', ...mapPlans(plans, type, proto, utf8) }
  if (type.kind === 'list' || type.kind === 'set') return { ...common, shape: 'repeated', key: undefined, value: plans.value(type.element, proto.type, utf8) }
  return { ...common, shape: 'single', key: undefined, value: plans.value(type, proto.type, utf8) }
}

function mapPlans(plans: PlanSet, type: IdlType & { kind: 'map' }, { map }: ProtoField, utf8: boolean): Pick<FieldPlan, 'key' | 'value'> {
  const { key, value } = assertExists(map, 'a map field tells the types of its entries')
  return { key: plans.value(type.key, key, utf8), value: plans.value(type.value, value, utf8) }
}
