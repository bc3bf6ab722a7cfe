// JSON as a payload codec. A Protobuf method's message goes as canonical ProtoJSON (Connect, gRPC+json), checked against the message on the
// way out and shown in the reader's format on the way in. Where no Protobuf says what a message is (HTTP, JSON-RPC), the body passes as it is
// once it is known to be JSON: not a digit changes. There is no head: whatever carries JSON names the method itself.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import { shownText } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { plainFormat, type CodecOptions, type Envelope, type MethodCodec, type MethodOptions, type PayloadCodec, type ReplySource } from '../codec.ts'
import { messageByName } from '../protobuf/type-by-name.ts'
import { planMethod } from '../protobuf/method.ts'
import { anyJson, messageJson, textOf, type JsonShape } from './shapes.ts'

/** Makes the codec. */
export function createJson(options: CodecOptions = {}): PayloadCodec {
  const methods = new WeakMap<MethodDescriptor, Map<Envelope, MethodCodec>>()

  function forMethod(idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, { envelope = 'message' }: MethodOptions = {}): MethodCodec {
    let ofMethod = methods.get(method)
    if (ofMethod === undefined) methods.set(method, (ofMethod = new Map()))
    let codec = ofMethod.get(envelope)
    if (codec === undefined) ofMethod.set(envelope, (codec = methodCodec(idl, service, method, envelope, options)))
    return codec
  }

  return {
    name: 'json',
    forMethod,
    peekHead: () => undefined,
    explain: explainJson,
    encodeType: (idl, type, json, onWarning) => shapeOfType(idl, type, options).toWire(json, onWarning),
    decodeType: (idl, type, bytes, format = plainFormat) => shapeOfType(idl, type, options).fromWire(bytes, format),
  }
}

const isProto = (idl: IdlSet): boolean => Object.values(idl.structs).some(({ proto }) => proto !== undefined)

const shapeOfType = (idl: IdlSet, type: string, options: CodecOptions): JsonShape => (isProto(idl) ? messageJson(messageByName(idl, type), options) : anyJson)

function methodCodec(idl: IdlSet, { language }: ServiceDescriptor, method: MethodDescriptor, envelope: Envelope, options: CodecOptions): MethodCodec {
  const plans = language === 'proto' ? planMethod(idl, method) : undefined
  const request = plans === undefined ? anyJson : messageJson(plans.request, options)
  const response = plans === undefined ? anyJson : messageJson(plans.response, options)
  return {
    envelope,
    encodeRequest: (json, _seqId, onWarning) => request.toWire(json, onWarning),
    decodeRequest: (message, format = plainFormat) => ({ head: undefined, ...request.fromWire(message, format) }),
    encodeReply: (reply, _seqId, onWarning) => encodeReply(response, reply, onWarning),
    decodeReply: (message, format = plainFormat) => ({ kind: 'reply', head: undefined, ...response.fromWire(message, format) }),
    explain: explainJson,
  }
}

function encodeReply(response: JsonShape, reply: ReplySource, onWarning: ((warning: ErrorData) => void) | undefined): Buffer {
  switch (reply.kind) {
    case 'reply':
      return response.toWire(reply.json, onWarning)
    case 'empty':
      return response.empty
    case 'declared-exception':
      throw fail('unsupported', 'codec', 'protobuf.json.noExceptions', { message: reply.type.slice(0, 200) })
    case 'remote-exception':
      throw fail('unsupported', 'codec', 'protobuf.json.noExceptions', { message: reply.message.slice(0, 200) })
  }
}

/** The whole text as one node, which says whether it is JSON. */
function explainJson(message: Buffer, offset: number): readonly ByteNode[] {
  const range = { start: offset, end: offset + message.length, name: 'json' }
  const text = textOf(message)
  if (text === undefined) return [{ ...range, kind: 'unknown', value: 'protobuf.json.notUtf8' }]
  const issue = message.length === 0 ? undefined : readJson(text).issues.find(({ severity }) => severity === 'error')
  const value = shownText(text)
  return [{ ...range, kind: issue === undefined ? 'value' : 'unknown', type: 'json', value }]
}
