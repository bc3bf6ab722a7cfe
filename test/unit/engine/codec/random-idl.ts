// Random IDL types with JSON values of them, in the form in which the codec itself writes JSON, so that a value that went there and
// back can be compared as text.

import fc from 'fast-check'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { IdlSet, IdlType, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import { base, enumRef, idlSet, list, map, method, ref, set, struct } from './idl-builder.ts'

/** A type and an arbitrary of its values as JSON text; `key` where it may be an object's key. */
export interface Typed {
  readonly type: IdlType
  readonly json: fc.Arbitrary<string>
}

const integer = (bits: number): fc.Arbitrary<string> => fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }).map(String)
const double = fc.double().map((value) => (Number.isFinite(value) ? (Object.is(value, -0) ? '-0.0' : String(value)) : `"${value}"`))
const text = fc.string({ unit: 'grapheme', maxLength: 80 }).map(quoteJson)
const colours = [['RED', 1], ['GREEN', -5], ['BLUE', 700]] as const

const scalars: readonly Typed[] = [
  { type: base('bool'), json: fc.boolean().map(String) },
  { type: base('i8'), json: integer(8) },
  { type: base('i16'), json: integer(16) },
  { type: base('i32'), json: integer(32) },
  { type: base('i64'), json: integer(64) },
  { type: base('double'), json: double },
  { type: base('string'), json: text },
  { type: base('binary'), json: fc.uint8Array({ maxLength: 60 }).map((bytes) => `"${Buffer.from(bytes).toString('base64')}"`) },
  { type: base('uuid'), json: fc.uuid().map((value) => `"${value}"`) },
  { type: enumRef('Colour'), json: fc.oneof(fc.constantFrom('"RED"', '"GREEN"', '"BLUE"'), fc.constantFrom('0', '2', '-7')) },
]

const array = (item: fc.Arbitrary<string>, maxLength = 5): fc.Arbitrary<string> => fc.array(item, { maxLength }).map((items) => `[${items.join()}]`)
const isObjectKey = ({ kind }: IdlType): boolean => !['binary', 'uuid', 'list', 'set', 'map', 'struct'].includes(kind)

function mapOf(key: Typed, value: Typed): Typed {
  const entries = fc.uniqueArray(fc.tuple(key.json, value.json), { maxLength: 4, selector: ([name]) => name })
  const asObject = isObjectKey(key.type)
  const json = entries.map((pairs) => {
    const parts = pairs.map(([name, item]) => (asObject ? `${name.startsWith('"') ? name : `"${name}"`}:${item}` : `[${name},${item}]`))
    return asObject ? `{${parts.join()}}` : `[${parts.join()}]`
  })
  return { type: map(key.type, value.type), json }
}

/** A set of types, one built from the others, ending in a struct `Root`; recursive through an optional field. */
export const randomIdl: fc.Arbitrary<{ idl: IdlSet; service: ServiceDescriptor; method: MethodDescriptor; json: fc.Arbitrary<string> }> = fc
  .array(fc.tuple(fc.nat(7), fc.nat(100), fc.nat(100), fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }), fc.nat(2)), { minLength: 1, maxLength: 10 })
  .map((recipe) => {
    const types: Typed[] = [...scalars]
    const structs: ReturnType<typeof struct>[] = []
    const pick = (n: number): Typed => types[n % types.length] ?? scalars[0] as Typed
    for (const [kind, a, b, members, requiredness] of [...recipe, [9, 0, 0, [1, 3, 5, 11, 13, 17], 1] as const]) {
      if (kind < 2) types.push({ type: list(pick(a).type), json: array(pick(a).json) })
      else if (kind === 2) types.push({ type: set(pick(a).type), json: fc.uniqueArray(pick(a).json, { maxLength: 4 }).map((items) => `[${items.join()}]`) })
      else if (kind < 5) types.push(mapOf(pick(a), pick(b)))
      else types.push(structOf(structs, kind === 5 ? 'union' : kind === 9 ? 'struct' : 'exception', members.map(pick), requiredness))
    }
    const root = types[types.length - 1] as Typed
    const call = method('Echo', [[1, 'body', root.type]], root.type)
    const { idl, service } = idlSet(structs, { Colour: colours }, [call])
    return { idl, service, method: call, json: root.json }
  })

function structOf(structs: ReturnType<typeof struct>[], kind: 'struct' | 'union' | 'exception', members: readonly Typed[], requiredness: number): Typed {
  const name = `T${structs.length}`
  const required = (['required', 'optional', 'default'] as const)[requiredness] ?? 'default'
  // Ids that need both bytes, and negative ones, are legal.
  const ids = members.map((_, index) => (index === 0 ? -3 : index * 300))
  structs.push(struct(name, members.map(({ type }, index) => [ids[index] ?? 0, `f${index}`, type, { requiredness: kind === 'union' ? 'optional' : required }]), kind))
  const fields = members.map(({ json }, index) => json.map((value) => `"f${index}":${value}`))
  if (kind === 'union') return { type: ref(name), json: fc.oneof(...fields).map((field) => `{${field}}`) }
  const chosen = required === 'optional' ? fields.map((field) => fc.option(field, { nil: '' })) : fields
  return { type: ref(name), json: fc.tuple(...chosen).map((parts) => `{${parts.filter((part) => part !== '').join()}}`) }
}

/** One random case. */
export const randomCase = randomIdl.chain(({ json, ...rest }) => fc.record({ rest: fc.constant(rest), json }))
