// The codec of transport `http`: methods with `api.*` annotations as HTTP requests, and requests that no IDL describes. Its messages are HTTP
// messages (shared/logic/http-message.ts), so that the transport adds nothing but connection matters.

import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import { fail } from '../../../../shared/base/error.ts'
import type { CodecOptions, MethodCodec, PayloadCodec } from '../codec.ts'
import type { BodyKind } from './body.ts'
import { explainJson } from './explain-json.ts'
import { MappedMethod } from './mapped-method.ts'
import { PlainHttpMethod, readVerbAndPath } from './plain-method.ts'

export interface HttpCodecOptions extends CodecOptions {
  /** How bodies are sent; default: `auto`. */
  readonly body?: BodyKind
  /** Of bodies that are Protobuf messages; default: JSON. */
  readonly payload?: PayloadCodec
}

/** Makes the codec: of a service of language `none` the method's name is verb and path, of others its annotations tell them. */
export function createHttpCodec(options: HttpCodecOptions = {}): PayloadCodec {
  const { readFile, body = 'auto', payload } = options
  const forMethod = (idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor): MethodCodec => (
    service.language === 'none' ? new PlainHttpMethod(readVerbAndPath(method.name), body, readFile) : new MappedMethod(idl, service, method, { readFile, body, payload: payload?.forMethod(idl, service, method, { envelope: 'bare' }) }))
  return {
    name: payload?.name ?? 'json',
    forMethod,
    peekHead: () => undefined,
    explain: explainJson,
    encodeType: () => { throw noTypes() },
    decodeType: () => { throw noTypes() },
  }
}

const noTypes = (): ReturnType<typeof fail> => fail('unsupported', 'codec', 'http.noTypes')
