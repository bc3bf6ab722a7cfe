// One method's messages, both ways: arguments, result, declared exceptions and Thrift's own exception.

import { fail, type ErrorData, type KiteError } from '../../../../shared/base/error.ts'
import type { FieldDescriptor, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import { plainFormat, type DecodedReply, type DecodedRequest, type DecodeLimits, type MessageHead, type MethodCodec, type ReplySource, type ValueFormat } from '../codec.ts'
import { applicationException, exceptionTypeName } from './application-exception.ts'
import { argumentsFromBody, convert, readBody, type BodyOptions } from './body.ts'
import { bytesError } from './bytes-error.ts'
import { explainMessage, pathOfOffset } from './explain.ts'
import { fromJson } from './from-json.ts'
import { wholeHead, writeHead } from './message.ts'
import { LazyStructPlan, type PlanSet } from './plan.ts'
import type { FieldPlan, StructPlan } from './plan-model.ts'
import { Breach, ByteReader } from './reader.ts'
import { JsonText } from './to-json.ts'
import { fieldOf, type ThriftStruct, type ThriftValue } from './value.ts'
import { warningsOf } from './warnings.ts'
import { wire } from './wire.ts'
import { ByteWriter } from './writer.ts'

/** Argument and result structs of a method, as Thrift names them. */
export interface MethodPlans {
  readonly args: StructPlan
  readonly result: StructPlan
}

/** `success` is field 0 of a result; exceptions stand at their `throws` ids. Never more than one of them is set. */
export function planMethod(plans: PlanSet, service: ServiceDescriptor, method: MethodDescriptor): MethodPlans {
  const optional = (field: FieldDescriptor): FieldDescriptor => ({ ...field, requiredness: 'optional' })
  const success: readonly FieldDescriptor[] =
    method.returns.kind === 'void' ? [] : [{ id: 0, name: 'success', type: method.returns, requiredness: 'optional', annotations: {}, at: method.at }]
  const prefix = `${service.name}.${method.name}`
  return {
    args: new LazyStructPlan(plans, { kind: 'struct', name: `${prefix}_args`, fields: method.args }),
    result: new LazyStructPlan(plans, { kind: 'struct', name: `${prefix}_result`, fields: [...success, ...method.throws.map(optional)] }),
  }
}

// Encoding is synchronous, so all codecs of a thread share one growing buffer; messages are copied out of it.
const writer = new ByteWriter()

/** Bytes of a struct value. */
export function encodeStruct(plan: StructPlan, value: ThriftStruct): Buffer {
  writer.at = 0
  plan.encode(writer, value)
  return writer.take()
}

/** Reads a struct at `at`, and where it ended. Throws KiteError with offset and field path. */
export function decodeStruct(plan: StructPlan, bytes: Buffer, at: number, limits: DecodeLimits): { readonly value: ThriftStruct; readonly end: number } {
  const reader = new ByteReader(bytes, at, limits)
  try {
    const value = plan.decode(reader, 1)
    return { value, end: reader.at }
  } catch (thrown) {
    if (!(thrown instanceof Breach)) throw thrown
    throw bytesError(thrown, pathOfOffset(bytes, at, plan, thrown.offset))
  }
}

export class ThriftMethodCodec implements MethodCodec {
  readonly envelope = 'message'
  readonly plans: MethodPlans
  readonly #method: MethodDescriptor
  readonly #limits: DecodeLimits
  readonly #readFile: BodyOptions['readFile']

  constructor(plans: MethodPlans, method: MethodDescriptor, limits: DecodeLimits, readFile: BodyOptions['readFile']) {
    this.plans = plans
    this.#method = method
    this.#limits = limits
    this.#readFile = readFile
  }

  encodeRequest(json: string, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const args = argumentsFromBody(this.plans.args, json, { readFile: this.#readFile, onWarning })
    return this.#message(this.#method.kind === 'oneway' ? 'oneway' : 'call', seqId, this.plans.args, args)
  }

  decodeRequest(message: Buffer, format: ValueFormat = plainFormat): DecodedRequest {
    const head = this.#head(message, ['call', 'oneway'])
    const { args } = this.plans
    const { value, end } = decodeStruct(args, message, head.length, this.#limits)
    const text = new JsonText(format)
    const [only] = args.fields
    const json = args.fields.length === 1 && only !== undefined ? memberJson(text, only, value) : text.struct(args, value)
    const doubtful = text.doubtful || value.$unknown !== undefined
    return { head, json, warnings: [...(doubtful ? warningsOf(args, value) : []), ...trailing(message, end)] }
  }

  encodeReply(reply: ReplySource, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { result } = this.plans
    switch (reply.kind) {
      case 'reply':
        return this.#message('reply', seqId, result, this.#success(reply.json, onWarning))
      case 'declared-exception':
        return this.#message('reply', seqId, result, this.#thrown(reply.type, reply.json, onWarning))
      case 'remote-exception': {
        const value = Object.assign(new applicationException.shape(), { message: reply.message, type: reply.typeId })
        return this.#message('exception', seqId, applicationException, value)
      }
      case 'empty':
        return this.#message('reply', seqId, result, new result.shape())
    }
  }

  decodeReply(message: Buffer, format: ValueFormat = plainFormat): DecodedReply {
    const head = this.#head(message, ['reply', 'exception'])
    if (head.type === 'exception') return decodeException(head, message, this.#limits)
    const { result } = this.plans
    const { value, end } = decodeStruct(result, message, afterVoid(message, head.length), this.#limits)
    const text = new JsonText(format)
    for (const field of result.fields) {
      const thrown = fieldOf(value, field)
      if (field.id === 0 || thrown === undefined) continue
      return { kind: 'declared-exception', head, type: field.type.kind === 'struct' ? field.type.struct.name : field.type.written, field: field.name, json: text.value(field.type, thrown) }
    }
    const success = result.fields[0]?.id === 0 ? result.fields[0] : undefined
    const json = success === undefined ? 'null' : memberJson(text, success, value)
    const missing = success !== undefined && value[success.property] === undefined ? [missingResult(this.#method)] : []
    const doubtful = text.doubtful || value.$unknown !== undefined
    return { kind: 'reply', head, json, warnings: [...missing, ...(doubtful ? warningsOf(result, value) : []), ...trailing(message, end)] }
  }

  explain(message: Buffer, offset: number): readonly ByteNode[] {
    return explainMessage(message, offset, (type) => (type === 'exception' ? applicationException : type === 'reply' ? this.plans.result : this.plans.args))
  }

  #message(type: MessageHead['type'], seqId: number, plan: StructPlan, value: ThriftStruct): Buffer {
    writer.at = 0
    writeHead(writer, type, this.#method.name, seqId)
    plan.encode(writer, value)
    return writer.take()
  }

  #head(message: Buffer, wanted: readonly MessageHead['type'][]): MessageHead {
    const head = headOrThrow(message)
    if (!wanted.includes(head.type)) throw fail('protocol', 'codec', 'codec.message.wrongType', { expected: wanted.join(' / '), found: head.type }, { at: { offset: 0 } })
    // A server may answer an exception under any name (kitex.md 1.4); a reply under another name belongs to another call.
    if (head.type !== 'exception' && head.method !== this.#method.name) {
      throw fail('protocol', 'codec', 'codec.message.wrongMethod', { expected: this.#method.name, found: head.method.slice(0, 80) }, { at: { offset: 8 } })
    }
    return head
  }

  #success(json: string, onWarning: BodyOptions['onWarning']): ThriftStruct {
    const { result } = this.plans
    const value = new result.shape()
    const [success] = result.fields
    // A void method has nothing to say, whatever a stub says.
    if (success?.id === 0) value[success.property] = this.#read(success, json, onWarning)
    return value
  }

  #thrown(type: string, json: string, onWarning: BodyOptions['onWarning']): ThriftStruct {
    const { result } = this.plans
    const declared = result.fields.filter(({ id }) => id !== 0)
    const field = declared.find((entry) => namesOf(entry).includes(type))
    if (field === undefined) throw undeclared(this.#method, type, declared)
    const value = new result.shape()
    value[field.property] = this.#read(field, json, onWarning)
    return value
  }

  #read(field: FieldPlan, json: string, onWarning: BodyOptions['onWarning']): ThriftValue {
    const options = { readFile: this.#readFile, onWarning }
    const root = readBody(json, options)
    return convert(json, root, options, (reading) => fromJson(field.type, root, reading))
  }
}

const namesOf = ({ name, type }: FieldPlan): readonly string[] => (type.kind === 'struct' ? [type.struct.name, type.written, name] : [type.written, name])

function undeclared(method: MethodDescriptor, type: string, declared: readonly FieldPlan[]): KiteError {
  const names = declared.map((field) => namesOf(field)[0] ?? field.name)
  const near = nearest(type, names)
  const hint = near === undefined ? {} : { hint: { key: 'codec.body.nearest', params: { name: near } } }
  return fail('body', 'codec', 'codec.body.undeclaredException', { type: type.slice(0, 80), method: method.name, declared: names.join(', ') }, hint)
}

/** The head of a message, or an error that says what these bytes are instead. */
export function headOrThrow(message: Buffer): MessageHead {
  try {
    return wholeHead(message)
  } catch (thrown) {
    throw thrown instanceof Breach ? bytesError(thrown, undefined) : thrown
  }
}

function decodeException(head: MessageHead, message: Buffer, limits: DecodeLimits): DecodedReply {
  const { value } = decodeStruct(applicationException, message, head.length, limits)
  const typeId = typeof value['type'] === 'number' ? value['type'] : 0
  const said = typeof value['message'] === 'string' ? value['message'] : ''
  return { kind: 'remote-exception', head, typeId, message: said === '' ? (exceptionTypeName(typeId) ?? '') : said }
}

function memberJson(text: JsonText, field: FieldPlan, value: ThriftStruct): string {
  const member = fieldOf(value, field)
  return member === undefined ? 'null' : text.value(field.type, member)
}

// Kitex's generic server writes a void result as field 0 of type VOID with a stop byte inside (kitex.md 1.3).
function afterVoid(message: Buffer, at: number): number {
  const isVoidField = message[at] === wire.void && message[at + 1] === 0 && message[at + 2] === 0 && message[at + 3] === wire.stop
  return isVoidField ? at + 4 : at
}

const missingResult = (method: MethodDescriptor): ErrorData => ({ code: 'protocol', layer: 'codec', text: { key: 'codec.warning.missingResult', params: { method: method.name } } })

function trailing(message: Buffer, end: number): readonly ErrorData[] {
  if (end === message.length) return []
  return [{ code: 'protocol', layer: 'codec', text: { key: 'codec.warning.trailingBytes', params: { count: message.length - end } }, at: { offset: end } }]
}
