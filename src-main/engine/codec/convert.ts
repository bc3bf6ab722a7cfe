// Bare values of a named type to bytes and back, without a message around them: `kite encode` and `kite decode`.

import type { ErrorData } from '../../../shared/base/error.ts'
import { KiteError } from '../../../shared/base/error.ts'
import type { JsonNode } from '../../../shared/logic/json/node.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { plainFormat, type ValueFormat } from './codec.ts'
import { BodyFault } from './common/fault.ts'
import { convert, readBody, type BodyOptions, type BodyReading } from './common/read-body.ts'
import { binaryForm } from './thrift/binary-form.ts'
import { argumentsFromBody, isWrapped } from './thrift/body.ts'
import type { WireForm } from './thrift/form.ts'
import { fromJson, structFromJson } from './thrift/from-json.ts'
import { defaultLimits } from './thrift/limits.ts'
import type { StructPlan } from './thrift/plan-model.ts'
import { decodeStruct } from './thrift/struct-bytes.ts'
import { JsonText } from './thrift/to-json.ts'
import type { ThriftStruct } from './thrift/value.ts'
import { warningsOf } from './thrift/warnings.ts'
import { typeByName, type NamedType } from './type-by-name.ts'

/** JSON text to the bytes of a struct. */
export function encodeNamed(idl: IdlSet, type: string, json: string, options: BodyOptions, form: WireForm = binaryForm): Buffer {
  const named = typeByName(idl, type)
  return form.encode(named.plan, valueOf(named, json, options))
}

function valueOf({ plan, part }: NamedType, json: string, options: BodyOptions): ThriftStruct {
  const root = part === 'args' && plan.fields[0]?.type.kind === 'string' ? undefined : readBody(json, options)
  if (root !== undefined && (part === 'struct' || isByFieldName(plan, root))) return convert(json, root, options, (reading) => structOf(plan, root, reading))
  if (part === 'args') return argumentsFromBody(plan, json, options)
  return convert(json, root ?? readBody(json, options), options, (reading) => successOf(plan, root ?? readBody(json, options), reading))
}

// The struct form of arguments and results, as `kite decode` writes it; the bare argument or result is understood beside it.
function isByFieldName(plan: StructPlan, root: JsonNode): boolean {
  if (plan.fields.length !== 1 && plan.kind === 'struct' && plan.fields[0]?.id !== 0) return true
  return plan.fields.some((field) => isWrapped(field, root)) || (root.kind === 'object' && root.members.length === 0 && plan.fields.length === 0)
}

function structOf(plan: StructPlan, root: JsonNode, reading: BodyReading): ThriftStruct {
  if (root.kind !== 'object') throw new BodyFault(root, 'codec.body.expected.struct', { type: plan.name, found: root.kind })
  return structFromJson(plan, root, reading)
}

function successOf(plan: StructPlan, root: JsonNode, reading: BodyReading): ThriftStruct {
  const value = new plan.shape()
  const [success] = plan.fields
  if (success?.id === 0) value[success.property] = fromJson(success.type, root, reading)
  else if (root.kind !== 'null') return structOf(plan, root, reading)
  return value
}

/** Bytes of a struct to JSON text. */
export function decodeNamed(idl: IdlSet, type: string, bytes: Buffer, format: ValueFormat = plainFormat, form: WireForm = binaryForm): { readonly json: string; readonly warnings: readonly ErrorData[] } {
  const { plan } = typeByName(idl, type)
  const { value, end } = decode(form, plan, bytes)
  const text = new JsonText(format)
  const json = text.struct(plan, value)
  const trailing: readonly ErrorData[] =
    end === bytes.length ? [] : [{ code: 'body', layer: 'codec', text: { key: 'codec.warning.trailingBytes', params: { count: bytes.length - end } }, at: { offset: end } }]
  return { json, warnings: [...(text.doubtful ? warningsOf(plan, value) : []), ...trailing] }
}

// These bytes are input that somebody handed in, not something that a peer did.
function decode(form: WireForm, plan: StructPlan, bytes: Buffer): ReturnType<typeof decodeStruct> {
  try {
    return decodeStruct(form, plan, bytes, 0, defaultLimits)
  } catch (thrown) {
    throw thrown instanceof KiteError ? new KiteError({ ...thrown.data, code: 'body' }) : thrown
  }
}
