// What a method's structs say, apart from how they travel: arguments as JSON, results and declared exceptions both ways.

import { fail, type ErrorData, type KiteError } from '../../../../shared/base/error.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { MethodDescriptor } from '../../../../shared/model/idl.ts'
import type { DecodedReply, MessageHead, ReplySource, ValueFormat } from '../codec.ts'
import { convert, readBody, type BodyOptions } from '../common/read-body.ts'
import { fromJson } from './from-json.ts'
import type { FieldPlan, StructPlan } from './plan-model.ts'
import { JsonText } from './to-json.ts'
import { fieldOf, type ThriftStruct, type ThriftValue } from './value.ts'
import { warningsOf } from './warnings.ts'

/** A value as JSON, and what is doubtful about it. */
export interface Said {
  readonly json: string
  readonly warnings: readonly ErrorData[]
}

/** Arguments in the body form: the only one bare, several by name. */
export function sayArguments(args: StructPlan, value: ThriftStruct, format: ValueFormat): Said {
  const text = new JsonText(format)
  const [only] = args.fields
  const json = args.fields.length === 1 && only !== undefined ? memberJson(text, only, value) : text.struct(args, value)
  return { json, warnings: text.doubtful || value.$unknown !== undefined ? warningsOf(args, value) : [] }
}

/** A struct by itself, as messages of streams are. */
export function sayStruct(plan: StructPlan, value: ThriftStruct, format: ValueFormat): Said {
  const text = new JsonText(format)
  const json = text.struct(plan, value)
  return { json, warnings: text.doubtful ? warningsOf(plan, value) : [] }
}

/** What a result struct says: the result, or the declared exception that is set. */
export function sayResult(result: StructPlan, value: ThriftStruct, head: MessageHead | undefined, method: MethodDescriptor, format: ValueFormat): DecodedReply {
  const text = new JsonText(format)
  for (const field of result.fields) {
    const thrown = fieldOf(value, field)
    if (field.id === 0 || thrown === undefined) continue
    return { kind: 'declared-exception', head, type: field.type.kind === 'struct' ? field.type.struct.name : field.type.written, field: field.name, json: text.value(field.type, thrown) }
  }
  const success = result.fields[0]?.id === 0 ? result.fields[0] : undefined
  const json = success === undefined ? 'null' : memberJson(text, success, value)
  const missing = success !== undefined && value[success.property] === undefined ? [missingResult(method)] : []
  const doubtful = text.doubtful || value.$unknown !== undefined
  return { kind: 'reply', head, json, warnings: [...missing, ...(doubtful ? warningsOf(result, value) : [])] }
}

function memberJson(text: JsonText, field: FieldPlan, value: ThriftStruct): string {
  const member = fieldOf(value, field)
  return member === undefined ? 'null' : text.value(field.type, member)
}

const missingResult = (method: MethodDescriptor): ErrorData => ({ code: 'protocol', layer: 'codec', text: { key: 'codec.warning.missingResult', params: { method: method.name } } })

/** A warning where a message goes on behind its end. */
export function trailing(message: Buffer, end: number): readonly ErrorData[] {
  if (end === message.length) return []
  return [{ code: 'protocol', layer: 'codec', text: { key: 'codec.warning.trailingBytes', params: { count: message.length - end } }, at: { offset: end } }]
}

/** The result struct that an answer stands for. */
export function resultOf(reply: Exclude<ReplySource, { readonly kind: 'remote-exception' }>, result: StructPlan, method: MethodDescriptor, options: BodyOptions): ThriftStruct {
  const value = new result.shape()
  if (reply.kind === 'reply') {
    const [success] = result.fields
    // A void method has nothing to say, whatever a stub says.
    if (success?.id === 0) value[success.property] = readMember(success, reply.json, options)
  } else if (reply.kind === 'declared-exception') {
    const field = declaredField(result, reply.type, method)
    value[field.property] = readMember(field, reply.json, options)
  }
  return value
}

function declaredField(result: StructPlan, type: string, method: MethodDescriptor): FieldPlan {
  const declared = result.fields.filter(({ id }) => id !== 0)
  const field = declared.find((entry) => namesOf(entry).includes(type))
  if (field === undefined) throw undeclared(method, type, declared)
  return field
}

function readMember(field: FieldPlan, json: string, options: BodyOptions): ThriftValue {
  const root = readBody(json, options)
  return convert(json, root, options, (reading) => fromJson(field.type, root, reading))
}

const namesOf = ({ name, type }: FieldPlan): readonly string[] => (type.kind === 'struct' ? [type.struct.name, type.written, name] : [type.written, name])

function undeclared(method: MethodDescriptor, type: string, declared: readonly FieldPlan[]): KiteError {
  const names = declared.map((field) => namesOf(field)[0] ?? field.name)
  const near = nearest(type, names)
  const hint = near === undefined ? {} : { hint: { key: 'codec.body.nearest', params: { name: near } } }
  return fail('body', 'codec', 'codec.body.undeclaredException', { type: type.slice(0, 80), method: method.name, declared: names.join(', ') }, hint)
}
