// One method's whole messages, both ways: head, then arguments, result, declared exceptions or Thrift's own exception.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { exceptionTypeName } from '../../../../shared/model/exception-names.ts'
import type { MethodDescriptor } from '../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { plainFormat, type DecodedReply, type DecodedRequest, type DecodeLimits, type MessageHead, type MethodCodec, type ReplySource, type ValueFormat } from '../codec.ts'
import type { BodyOptions } from '../common/read-body.ts'
import { applicationException } from './application-exception.ts'
import { argumentsFromBody } from './body.ts'
import { explainMessage } from './explain.ts'
import type { WireForm } from './form.ts'
import type { MethodPlans } from './method-plans.ts'
import { resultOf, sayArguments, sayResult, trailing } from './method-values.ts'
import { decodeStruct, headOrThrow } from './struct-bytes.ts'

/** What all method codecs are made with. */
export interface MethodParts {
  readonly form: WireForm
  readonly plans: MethodPlans
  readonly method: MethodDescriptor
  readonly limits: DecodeLimits
  readonly readFile: BodyOptions['readFile']
}

export class ThriftMethodCodec implements MethodCodec {
  readonly envelope = 'message'
  readonly #parts: MethodParts

  constructor(parts: MethodParts) {
    this.#parts = parts
  }

  encodeRequest(json: string, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { form, plans, method, readFile } = this.#parts
    const args = argumentsFromBody(plans.args, json, { readFile, onWarning })
    return form.encodeMessage(method.kind === 'oneway' ? 'oneway' : 'call', method.name, seqId, plans.args, args)
  }

  decodeRequest(message: Buffer, format: ValueFormat = plainFormat): DecodedRequest {
    const { form, plans, limits } = this.#parts
    const head = this.#head(message, ['call', 'oneway'])
    const { value, end } = decodeStruct(form, plans.args, message, head.length, limits)
    const { json, warnings } = sayArguments(plans.args, value, format)
    return { head, json, warnings: [...warnings, ...trailing(message, end)] }
  }

  encodeReply(reply: ReplySource, seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { form, plans, method, readFile } = this.#parts
    if (reply.kind === 'remote-exception') {
      const value = Object.assign(new applicationException.shape(), { message: reply.message, type: reply.typeId })
      return form.encodeMessage('exception', method.name, seqId, applicationException, value)
    }
    return form.encodeMessage('reply', method.name, seqId, plans.result, resultOf(reply, plans.result, method, { readFile, onWarning }))
  }

  decodeReply(message: Buffer, format: ValueFormat = plainFormat): DecodedReply {
    const { form, plans, method, limits } = this.#parts
    const head = this.#head(message, ['reply', 'exception'])
    if (head.type === 'exception') return decodeException(form, head, message, limits)
    const { value, end } = decodeStruct(form, plans.result, message, form.resultAt(message, head.length), limits)
    const reply = sayResult(plans.result, value, head, method, format)
    return reply.kind === 'reply' && end !== message.length ? { ...reply, warnings: [...reply.warnings, ...trailing(message, end)] } : reply
  }

  explain(message: Buffer, offset: number): readonly ByteNode[] {
    const { form, plans } = this.#parts
    return explainMessage(form, message, offset, (type) => (type === 'exception' ? applicationException : type === 'reply' ? plans.result : plans.args))
  }

  #head(message: Buffer, wanted: readonly MessageHead['type'][]): MessageHead {
    const { form, method } = this.#parts
    const head = headOrThrow(form, message)
    if (!wanted.includes(head.type)) throw fail('protocol', 'codec', 'codec.message.wrongType', { expected: wanted.join(' / '), found: head.type }, { at: { offset: 0 } })
    // A server may answer an exception under any name (kitex.md 1.4); a reply under another name belongs to another call.
    if (head.type !== 'exception' && head.method !== method.name) throw wrongMethod(form, message, head, method.name)
    return head
  }
}

function wrongMethod(form: WireForm, message: Buffer, head: MessageHead, expected: string): ReturnType<typeof fail> {
  let offset = 0
  for (const part of form.headParts(message, head)) {
    offset += part.length
    if (part.name === 'method') break
  }
  // The name stands at the end of its part, behind its length.
  const at = { offset: offset - Buffer.byteLength(head.method) }
  return fail('protocol', 'codec', 'codec.message.wrongMethod', { expected, found: head.method.slice(0, 80) }, { at })
}

function decodeException(form: WireForm, head: MessageHead, message: Buffer, limits: DecodeLimits): DecodedReply {
  const { value } = decodeStruct(form, applicationException, message, head.length, limits)
  const typeId = typeof value['type'] === 'number' ? value['type'] : 0
  const said = typeof value['message'] === 'string' ? value['message'] : ''
  return { kind: 'remote-exception', head, typeId, message: said === '' ? (exceptionTypeName(typeId) ?? '') : said }
}
