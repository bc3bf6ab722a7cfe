// Payloads without a message head, where the transport names the method (gRPC, TTHeader Streaming). A unary call is its args struct, the
// answer its result struct; a message of a stream is the message's own struct (Kitex pkg/remote/codec/grpc, pkg/remote/trans/ttstream).

import { fail, type ErrorData, type KiteError } from '../../../../shared/base/error.ts'
import type { MethodDescriptor } from '../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { plainFormat, type DecodedReply, type DecodedRequest, type Direction, type MethodCodec, type ReplySource, type ValueFormat } from '../codec.ts'
import { argumentsFromBody, messageFromBody } from './body.ts'
import { explainBare } from './explain.ts'
import type { MethodParts } from './method.ts'
import { resultOf, sayArguments, sayResult, sayStruct, trailing } from './method-values.ts'
import type { FieldPlan, StructPlan } from './plan-model.ts'
import { decodeStruct } from './struct-bytes.ts'

/** The codec of a method in a bare envelope; a streaming method whose messages are no structs is refused. */
export function createBareCodec(parts: MethodParts): MethodCodec {
  const { kind } = parts.method
  return kind === 'unary' || kind === 'oneway' ? new BareUnaryCodec(parts) : new StreamMessageCodec(parts)
}

class BareUnaryCodec implements MethodCodec {
  readonly envelope = 'bare'
  readonly #parts: MethodParts

  constructor(parts: MethodParts) {
    this.#parts = parts
  }

  encodeRequest(json: string, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { form, plans, readFile } = this.#parts
    return form.encode(plans.args, argumentsFromBody(plans.args, json, { readFile, onWarning }))
  }

  decodeRequest(message: Buffer, format: ValueFormat = plainFormat): DecodedRequest {
    const { form, plans, limits } = this.#parts
    const { value, end } = decodeStruct(form, plans.args, message, 0, limits)
    const { json, warnings } = sayArguments(plans.args, value, format)
    return { head: undefined, json, warnings: [...warnings, ...trailing(message, end)] }
  }

  encodeReply(reply: ReplySource, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { form, plans, method, readFile } = this.#parts
    if (reply.kind === 'remote-exception') throw noException(method)
    return form.encode(plans.result, resultOf(reply, plans.result, method, { readFile, onWarning }))
  }

  decodeReply(message: Buffer, format: ValueFormat = plainFormat): DecodedReply {
    const { form, plans, method, limits } = this.#parts
    const { value, end } = decodeStruct(form, plans.result, message, form.resultAt(message, 0), limits)
    const reply = sayResult(plans.result, value, undefined, method, format)
    return reply.kind === 'reply' && end !== message.length ? { ...reply, warnings: [...reply.warnings, ...trailing(message, end)] } : reply
  }

  explain(message: Buffer, offset: number, direction: Direction = 'request'): readonly ByteNode[] {
    const { form, plans } = this.#parts
    return explainBare(form, message, offset, direction === 'request' ? plans.args : plans.result)
  }
}

class StreamMessageCodec implements MethodCodec {
  readonly envelope = 'bare'
  readonly #parts: MethodParts
  readonly #argument: FieldPlan
  readonly #request: StructPlan
  readonly #reply: StructPlan

  constructor(parts: MethodParts) {
    const { plans, method } = parts
    const [argument, another] = plans.args.fields
    const [success] = plans.result.fields
    if (argument?.type.kind !== 'struct' || another !== undefined) throw fail('unsupported', 'codec', 'codec.bare.oneStruct', { method: method.name })
    if (success?.id !== 0 || success.type.kind !== 'struct') throw fail('unsupported', 'codec', 'codec.bare.structReply', { method: method.name, type: method.returns.written })
    this.#parts = parts
    this.#argument = argument
    this.#request = argument.type.struct
    this.#reply = success.type.struct
  }

  encodeRequest(json: string, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { form, readFile } = this.#parts
    return form.encode(this.#request, messageFromBody(this.#request, this.#argument, json, { readFile, onWarning }))
  }

  decodeRequest(message: Buffer, format: ValueFormat = plainFormat): DecodedRequest {
    return { head: undefined, ...this.#read(this.#request, message, format) }
  }

  encodeReply(reply: ReplySource, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { form, method, readFile } = this.#parts
    if (reply.kind === 'remote-exception' || reply.kind === 'declared-exception') throw noException(method)
    const value = reply.kind === 'empty' ? new this.#reply.shape() : messageFromBody(this.#reply, undefined, reply.json, { readFile, onWarning })
    return form.encode(this.#reply, value)
  }

  decodeReply(message: Buffer, format: ValueFormat = plainFormat): DecodedReply {
    return { kind: 'reply', head: undefined, ...this.#read(this.#reply, message, format) }
  }

  explain(message: Buffer, offset: number, direction: Direction = 'request'): readonly ByteNode[] {
    return explainBare(this.#parts.form, message, offset, direction === 'request' ? this.#request : this.#reply)
  }

  #read(plan: StructPlan, message: Buffer, format: ValueFormat): { readonly json: string; readonly warnings: readonly ErrorData[] } {
    const { form, limits } = this.#parts
    const { value, end } = decodeStruct(form, plan, message, 0, limits)
    const { json, warnings } = sayStruct(plan, value, format)
    return { json, warnings: [...warnings, ...trailing(message, end)] }
  }
}

// The transport says these in its own way: gRPC by its status, TTHeader Streaming by its trailer.
const noException = (method: MethodDescriptor): KiteError => fail('unsupported', 'codec', 'codec.bare.noException', { method: method.name })
