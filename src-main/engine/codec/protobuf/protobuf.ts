// Protobuf as a payload codec: compiles methods on first use and keeps them as long as their IDL lives.

import { KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import { plainFormat, type CodecOptions, type MessageHead, type MethodCodec, type MethodOptions, type PayloadCodec, type ValueFormat } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { messageFromBody } from './body.ts'
import { decodeMessage } from './decode-message.ts'
import { exceptionPlan } from './exception.ts'
import { explainBare, explainMessage } from './explain.ts'
import { readHead } from './message.ts'
import { ProtobufMethodCodec } from './method.ts'
import type { MessagePlan } from './plan-model.ts'
import { defaultLimits } from './reader.ts'
import { JsonText } from './to-json.ts'
import { messageByName } from './type-by-name.ts'
import type { MessageValue } from './value.ts'
import { warningsOf } from './warnings.ts'
import { encodeMessage } from './write-message.ts'

/** Makes the codec. */
export function createProtobuf({ readFile, limits: own }: CodecOptions = {}): PayloadCodec {
  const methods = new WeakMap<MethodDescriptor, Map<string, ProtobufMethodCodec>>()

  // A method belongs to one set, so what was compiled for it is found by itself.
  function forMethod(idl: IdlSet, _service: ServiceDescriptor, method: MethodDescriptor, { limits, envelope = 'message' }: MethodOptions = {}): MethodCodec {
    const made = (): ProtobufMethodCodec => new ProtobufMethodCodec(idl, method, envelope, limits ?? own, readFile)
    if (limits !== undefined) return made()
    let ofMethod = methods.get(method)
    if (ofMethod === undefined) methods.set(method, (ofMethod = new Map()))
    let codec = ofMethod.get(envelope)
    if (codec === undefined) ofMethod.set(envelope, (codec = made()))
    return codec
  }

  return {
    name: 'protobuf',
    forMethod,
    peekHead,
    explain: (message, offset, envelope = 'message') => (envelope === 'bare' ? explainBare(message, offset, undefined) : explainMessage(message, offset, planWithoutIdl)),
    encodeType: (idl, type, json, onWarning) => encodeNamed(idl, type, json, { readFile, onWarning }),
    decodeType: (idl, type, bytes, format) => decodeNamed(idl, type, bytes, format),
  }
}

const planWithoutIdl = (type: MessageHead['type']): MessagePlan | undefined => (type === 'exception' ? exceptionPlan : undefined)

function peekHead(message: Buffer): MessageHead | undefined {
  try {
    return readHead(message)
  } catch (thrown) {
    if (thrown instanceof Breach) return undefined
    throw thrown
  }
}

function encodeNamed(idl: IdlSet, type: string, json: string, options: Parameters<typeof messageFromBody>[2]): Buffer {
  const plan = messageByName(idl, type)
  return encodeMessage(plan, messageFromBody(plan, json, options))
}

function decodeNamed(idl: IdlSet, type: string, bytes: Buffer, format: ValueFormat = plainFormat): { readonly json: string; readonly warnings: readonly ErrorData[] } {
  const plan = messageByName(idl, type)
  const value = decode(plan, bytes)
  const text = new JsonText(format)
  const json = text.message(plan, value)
  return { json, warnings: text.doubtful ? warningsOf(plan, value, defaultLimits) : [] }
}

// These bytes are input that somebody handed in, not something that a peer did.
function decode(plan: MessagePlan, bytes: Buffer): MessageValue {
  try {
    return decodeMessage(plan, bytes, 0, defaultLimits)
  } catch (thrown) {
    throw thrown instanceof KiteError ? new KiteError({ ...thrown.data, code: 'body' }) : thrown
  }
}
