// One method's messages, both ways, bare or with Kitex's head. Protobuf has no declared exceptions: a reply is the message, or Kitex's own
// exception where there is a head.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { exceptionTypeName } from '../../../../shared/model/exception-names.ts'
import type { IdlSet, IdlType, MethodDescriptor } from '../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { plainFormat, type DecodedReply, type DecodedRequest, type DecodeLimits, type Direction, type Envelope, type MessageHead, type MethodCodec, type ReplySource, type ValueFormat } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { bytesError } from '../common/bytes-error.ts'
import type { BodyOptions } from '../common/read-body.ts'
import { messageFromBody } from './body.ts'
import { decodeMessage } from './decode-message.ts'
import { exceptionPlan } from './exception.ts'
import { explainBare, explainMessage } from './explain.ts'
import { wholeHead, writeHead } from './message.ts'
import type { MessagePlan } from './plan-model.ts'
import { plansOf } from './plan.ts'
import { defaultLimits } from './reader.ts'
import { JsonText } from './to-json.ts'
import type { MessageValue } from './value.ts'
import { warningsOf } from './warnings.ts'
import { encodeMessage } from './write-message.ts'

/** Request and response messages of a method. */
export interface MethodPlans {
  readonly request: MessagePlan
  readonly response: MessagePlan
}

export function planMethod(idl: IdlSet, method: MethodDescriptor): MethodPlans {
  return { request: messageOf(idl, method, method.args[0]?.type), response: messageOf(idl, method, method.returns) }
}

function messageOf(idl: IdlSet, method: MethodDescriptor, type: IdlType | undefined): MessagePlan {
  if (type?.kind === 'struct' && idl.structs[type.id]?.proto !== undefined) return plansOf(idl).message(type.id)
  throw fail('unsupported', 'codec', 'protobuf.needsMessages', { method: method.name })
}

export class ProtobufMethodCodec implements MethodCodec {
  readonly envelope: Envelope
  readonly plans: MethodPlans
  readonly #method: MethodDescriptor
  readonly #limits: DecodeLimits
  readonly #readFile: BodyOptions['readFile']

  constructor(idl: IdlSet, method: MethodDescriptor, envelope: Envelope, limits: DecodeLimits = defaultLimits, readFile?: BodyOptions['readFile']) {
    this.envelope = envelope
    this.plans = planMethod(idl, method)
    this.#method = method
    this.#limits = limits
    this.#readFile = readFile
  }

  encodeRequest(json: string, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { request } = this.plans
    const value = messageFromBody(request, json, { readFile: this.#readFile, onWarning })
    return this.#message(this.#method.kind === 'oneway' ? 'oneway' : 'call', seqId, request, value)
  }

  decodeRequest(message: Buffer, format: ValueFormat = plainFormat): DecodedRequest {
    const head = this.#head(message, ['call', 'oneway'])
    return { head, ...this.#read(this.plans.request, message, head, format) }
  }

  encodeReply(reply: ReplySource, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { response } = this.plans
    switch (reply.kind) {
      case 'reply':
        return this.#message('reply', seqId, response, messageFromBody(response, reply.json, { readFile: this.#readFile, onWarning }))
      case 'empty':
        return this.#message('reply', seqId, response, new response.shape())
      case 'declared-exception':
        throw fail('body', 'codec', 'protobuf.noDeclaredExceptions', { type: reply.type.slice(0, 80), method: this.#method.name })
      case 'remote-exception':
        return this.#exception(reply.typeId, reply.message, seqId)
    }
  }

  decodeReply(message: Buffer, format: ValueFormat = plainFormat): DecodedReply {
    const head = this.#head(message, ['reply', 'exception'])
    if (head?.type === 'exception') return decodeException(head, message, this.#limits)
    return { kind: 'reply', head, ...this.#read(this.plans.response, message, head, format) }
  }

  explain(message: Buffer, offset: number, direction: Direction = 'request'): readonly ByteNode[] {
    const { request, response } = this.plans
    if (this.envelope === 'bare') return explainBare(message, offset, direction === 'request' ? request : response)
    return explainMessage(message, offset, (type) => (type === 'exception' ? exceptionPlan : type === 'reply' ? response : request))
  }

  #message(type: MessageHead['type'], seqId: number, plan: MessagePlan, value: MessageValue): Buffer {
    if (this.envelope === 'bare') return encodeMessage(plan, value)
    return encodeMessage(plan, value, (writer) => writeHead(writer, type, this.#method.name, seqId))
  }

  #exception(typeId: number, message: string, seqId: number): Buffer {
    // Where there is no head, the transport's own status carries errors.
    if (this.envelope === 'bare') throw fail('unsupported', 'codec', 'protobuf.bareException', { message: message.slice(0, 200) })
    const value = Object.assign(new exceptionPlan.shape(), { TypeID: typeId === 0 ? undefined : typeId, Message: message === '' ? undefined : message })
    return this.#message('exception', seqId, exceptionPlan, value)
  }

  #read(plan: MessagePlan, message: Buffer, head: MessageHead | undefined, format: ValueFormat): Pick<DecodedRequest, 'json' | 'warnings'> {
    const value = decodeMessage(plan, message, head?.length ?? 0, this.#limits)
    const text = new JsonText(format, { limits: this.#limits })
    const json = text.message(plan, value)
    return { json, warnings: text.doubtful ? warningsOf(plan, value, this.#limits) : [] }
  }

  #head(message: Buffer, wanted: readonly MessageHead['type'][]): MessageHead | undefined {
    if (this.envelope === 'bare') return undefined
    const head = headOrThrow(message)
    if (!wanted.includes(head.type)) throw fail('protocol', 'codec', 'codec.message.wrongType', { expected: wanted.join(' / '), found: head.type }, { at: { offset: 0 } })
    // A server may answer an exception under any name; a reply under another name belongs to another call.
    if (head.type !== 'exception' && head.method !== this.#method.name) {
      throw fail('protocol', 'codec', 'codec.message.wrongMethod', { expected: this.#method.name, found: head.method.slice(0, 80) }, { at: { offset: 8 } })
    }
    return head
  }
}

function headOrThrow(message: Buffer): MessageHead {
  try {
    return wholeHead(message)
  } catch (thrown) {
    throw thrown instanceof Breach ? bytesError(thrown, undefined) : thrown
  }
}

function decodeException(head: MessageHead, message: Buffer, limits: DecodeLimits): DecodedReply {
  const value = decodeMessage(exceptionPlan, message, head.length, limits)
  const typeId = typeof value['TypeID'] === 'number' ? value['TypeID'] : 0
  const said = typeof value['Message'] === 'string' ? value['Message'] : ''
  return { kind: 'remote-exception', head, typeId, message: said === '' ? (exceptionTypeName(typeId) ?? '') : said }
}
