// A second opinion: Apache's own `thrift` package reads the same message, and what it found is compared with what we found, field by
// field. It reads by wire types alone and we by compiled decoders, so the two share no code and no assumption but the IDL's names.

import { KiteError } from '../../../shared/base/error.ts'
import { joinPath, memberStep } from '../../../shared/logic/json/path.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import { readApache, readApacheStruct, type ApacheField, type ApacheMessage, type ApacheValue } from './apache-reader.ts'
import type { CodecName, Envelope } from './codec.ts'
import { encodeEscaped } from './common/text.ts'
import { applicationException } from './thrift/application-exception.ts'
import { binaryForm } from './thrift/binary-form.ts'
import { compactForm } from './thrift/compact/form.ts'
import type { WireForm } from './thrift/form.ts'
import { defaultLimits } from './thrift/limits.ts'
import { planMethod, type MethodPlans } from './thrift/method-plans.ts'
import type { StructPlan, TypePlan } from './thrift/plan-model.ts'
import { plansOf } from './thrift/plan.ts'
import { decodeStruct, headOrThrow } from './thrift/struct-bytes.ts'
import { asBytes, asList, asMap, asStruct, asText, fieldOf, type ThriftStruct, type ThriftValue } from './thrift/value.ts'
import { wireName } from './thrift/wire.ts'

export interface Difference {
  readonly path: string
  readonly ours: string
  readonly theirs: string
}

export interface CrossCheck {
  readonly agreed: boolean
  readonly differences: readonly Difference[]
}

/** More than these nobody reads; the first ones tell what is wrong. */
const maxDifferences = 200

/** What the caller knows of a message beside its method. */
export interface CrossCheckOptions {
  /** Default: what the first byte of the message tells; in a bare envelope Binary. */
  readonly codec?: CodecName
  /** Default: `message`. */
  readonly envelope?: Envelope
}

type Direction = 'sent' | 'received'

/** Compares both readings of one message, without its frame. Never throws for what the bytes are: a reading that failed is a difference. */
export async function crossCheck(
  message: Buffer, idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, direction: Direction, { codec, envelope = 'message' }: CrossCheckOptions = {},
): Promise<CrossCheck> {
  const isCompact = codec === undefined ? envelope === 'message' && message[0] === 0x82 : codec === 'thrift-compact'
  const form = isCompact ? compactForm : binaryForm
  const plans = planMethod(plansOf(idl), service, method)
  const isBare = envelope === 'bare'
  const theirs = await attempt(async () => (isBare ? { ...nameless, fields: await readApacheStruct(message, isCompact) } : readApache(message, isCompact)))
  const ours = await attempt(() => (isBare ? readBare(form, message, plans, method, direction) : readOurs(form, message, plans, direction)))
  const comparison = new Comparison()
  if (ours.kind === 'read' && theirs.kind === 'read') {
    comparison.head(ours.value, theirs.value)
    comparison.struct(ours.value.plan, ours.value.value, theirs.value.fields, '')
  } else if (ours.kind !== theirs.kind) {
    comparison.differ('', ours.kind === 'refused' ? ours.reason : 'read', theirs.kind === 'refused' ? theirs.reason : 'read')
  }
  return { agreed: comparison.differences.length === 0, differences: comparison.differences }
}

interface OurMessage { readonly name: string; readonly type: number; readonly seqId: number; readonly plan: StructPlan; readonly value: ThriftStruct }

const nameless = { name: '', type: 0, seqId: 0 } as const
const typeIds = { call: 1, reply: 2, exception: 3, oneway: 4 } as const

function readOurs(form: WireForm, message: Buffer, { args, result }: MethodPlans, direction: Direction): OurMessage {
  const head = headOrThrow(form, message)
  const plan = head.type === 'exception' ? applicationException : direction === 'sent' && head.type !== 'reply' ? args : head.type === 'reply' ? result : args
  const { value } = decodeStruct(form, plan, message, head.length, defaultLimits)
  return { name: head.method, type: typeIds[head.type], seqId: head.seqId, plan, value }
}

function readBare(form: WireForm, message: Buffer, plans: MethodPlans, { kind }: MethodDescriptor, direction: Direction): OurMessage {
  const whole = direction === 'sent' ? plans.args : plans.result
  const type = whole.fields[0]?.type
  const isStream = kind !== 'unary' && kind !== 'oneway'
  const plan = isStream && type?.kind === 'struct' ? type.struct : whole
  return { ...nameless, plan, value: decodeStruct(form, plan, message, 0, defaultLimits).value }
}

type Attempt<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'refused'; readonly reason: string }

async function attempt<T>(read: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'read', value: await read() }
  } catch (thrown) {
    return { kind: 'refused', reason: reasonOf(thrown) }
  }
}

// Some errors of the package have a name and no message.
function reasonOf(thrown: unknown): string {
  if (thrown instanceof KiteError) return thrown.data.text.key
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.message === undefined || thrown.message === '' ? thrown.name : thrown.message
}

class Comparison {
  readonly differences: Difference[] = []

  differ(path: string, ours: string, theirs: string): void {
    if (this.differences.length < maxDifferences) this.differences.push({ path: joinPath(path), ours, theirs })
  }

  head(ours: OurMessage, theirs: ApacheMessage): void {
    this.#same('.method', ours.name, theirs.name)
    this.#same('.messageType', String(ours.type), String(theirs.type))
    this.#same('.seqId', String(ours.seqId), String(theirs.seqId))
  }

  struct(plan: StructPlan, ours: ThriftStruct, theirs: readonly ApacheField[], path: string): void {
    // The last of a repeated field counts, on both sides; one of another type than the IDL's is kept beside.
    const byId = new Map(theirs.filter(({ id, type }) => plan.fields.some((field) => field.id === id && field.type.wire === type)).map((field) => [field.id, field]))
    for (const field of plan.fields) {
      const mine = fieldOf(ours, field)
      const other = byId.get(field.id)
      const step = path + memberStep(field.name)
      if (mine !== undefined && other !== undefined) this.#value(field.type, mine, other.value, step)
      else if (mine !== undefined) this.differ(step, 'set', 'absent')
      else if (other !== undefined) this.differ(step, 'absent', 'set')
    }
    const unknownToUs = (ours.$unknown ?? []).map(({ id, type }) => `${id}:${wireName(type)}`)
    const unknownToThem = theirs.filter(({ id, type }) => !plan.fields.some((field) => field.id === id && field.type.wire === type)).map(({ id, type }) => `${id}:${wireName(type)}`)
    this.#same(`${path}.$unknown`, unknownToUs.join(', '), unknownToThem.join(', '))
  }

  #value(type: TypePlan, ours: ThriftValue, theirs: ApacheValue, path: string): void {
    switch (type.kind) {
      case 'struct':
        if (theirs.kind !== 'struct') return this.differ(path, 'struct', theirs.kind)
        return this.struct(type.struct, asStruct(ours), theirs.fields, path)
      case 'list':
      case 'set':
        if (theirs.kind !== 'elements') return this.differ(path, type.kind, theirs.kind)
        return this.#elements([type.element], asList(ours), theirs.items, path)
      case 'map': {
        if (theirs.kind !== 'elements') return this.differ(path, 'map', theirs.kind)
        const { keys, values } = asMap(ours)
        return this.#elements([type.key, type.value], keys.flatMap((key, index) => [key, ...values.slice(index, index + 1)]), theirs.items, path)
      }
      default:
        this.#same(path, scalarText(type, ours), theirs.kind === 'scalar' ? theirs.text : theirs.kind)
    }
  }

  #elements(types: readonly TypePlan[], ours: readonly ThriftValue[], theirs: readonly ApacheValue[], path: string): void {
    const each = types.length
    if (ours.length !== theirs.length) return this.differ(path, `${ours.length / each} elements`, `${theirs.length / each} elements`)
    ours.forEach((value, index) => {
      const type = types[index % each]
      const other = theirs[index]
      const part = each === 1 ? '' : index % 2 === 0 ? '.key' : '.value'
      if (type !== undefined && other !== undefined) this.#value(type, value, other, `${path}[${Math.floor(index / each)}]${part}`)
    })
  }

  #same(path: string, ours: string, theirs: string): void {
    if (ours !== theirs) this.differ(path, ours, theirs)
  }
}

/** The form in which apache-reader.ts gives scalars. */
function scalarText(type: TypePlan, value: ThriftValue): string {
  if (type.kind === 'string') return encodeEscaped(asText(value)).toString('hex')
  if (type.kind === 'binary') return asBytes(value).toString('hex')
  return Object.is(value, -0) ? '-0' : String(value)
}
