// From a request to a call that is known to be possible: method, protocol, codec, and the body as bytes. Whatever is wrong with the request is
// thrown here, before anything is dialled.

import { fail, type ErrorData } from '../../shared/base/error.ts'
import type { CallRequest } from '../../shared/model/call.ts'
import type { MethodDescriptor } from '../../shared/model/idl.ts'
import type { CodecName } from '../../shared/model/protocol.ts'
import { calledMethod } from './called-method.ts'
import { chooseProtocol, type Callee, type Chosen } from './choose-protocol.ts'
import type { CodecOptions, MethodCodec, PayloadCodec } from './codec/codec.ts'
import { createCodec } from './codec/codecs.ts'
import type { HttpCodecOptions } from './codec/http-generic/index.ts'
import type { IdlBounds, IdlLoader, LoadedMethod } from './idl-area.ts'
import type { RpcInfo } from './kernel/rpcinfo.ts'
import { readNamed, readTls, type NamedFiles } from './named-files.ts'
import type { Found } from './probe/auto.ts'
import { overHttp2 } from './transport/place.ts'
import type { HttpRoute, Secure } from './transport/transport.ts'

/** Which files a request may name. */
export interface PathRules extends NamedFiles {
  /** How far the request's IDLs may reach for files. */
  readonly idlBounds?: IdlBounds
}

/** A request that is known to be callable. */
export interface Prepared {
  readonly request: CallRequest
  readonly found: LoadedMethod
  readonly chosen: Chosen
  readonly payload: PayloadCodec
  readonly invocation: RpcInfo['invocation']
  readonly isStream: boolean
  readonly secure?: Secure
  readonly warnings: readonly ErrorData[]
}

export interface PreparerParts {
  readonly idl: IdlLoader
  readonly baseDir: string
  readonly nextSeqId: () => number
  /** What the port was found to speak, where the request leaves that open. */
  readonly findProtocol: (request: CallRequest, callee: Callee, secure: Secure | undefined, signal: AbortSignal) => Promise<Found | undefined>
}

export class Preparer {
  readonly #parts: PreparerParts
  readonly #codecs = new Map<string, Promise<PayloadCodec>>()

  constructor(parts: PreparerParts) {
    this.#parts = parts
  }

  /** Throws KiteError for what is wrong with the request. */
  async prepare(request: CallRequest, rules: PathRules, signal: AbortSignal): Promise<Prepared> {
    const asked = request.tls === undefined ? undefined : await readTls(request.tls, this.#files(rules))
    const found = await calledMethod(this.#parts.idl, request, asked, signal, rules.idlBounds)
    const callee: Callee = { language: found.service.language, method: found.method }
    const spoken = request.transport === 'auto' ? await this.#parts.findProtocol(request, callee, asked, signal) : undefined
    const chosen = chooseProtocol(request, callee, spoken)
    const payload = await this.#codec(chosen.codec, rules, chosen.protocol.transport === 'http' && (chosen.codec === 'json' || chosen.codec === 'protobuf') ? request.http?.body ?? 'auto' : undefined)
    const codec = payload.forMethod(found.idl, found.service, found.method, { envelope: chosen.protocol.envelope })
    const isStream = isStreaming(found.method) || (chosen.protocol.transport === 'jsonrpc-ws' && request.stream !== undefined)
    const warnings: ErrorData[] = [...chosen.warnings]
    const invocation = this.#invocation(request, found, codec, isStream, warnings)
    const secure = asked === undefined ? undefined : securedFor(chosen, asked, warnings)
    return { request, found, chosen, payload, invocation, isStream, ...(secure === undefined ? {} : { secure }), warnings }
  }

  /** Messages of a stream are encoded as they go out. */
  #invocation(request: CallRequest, { service, method }: LoadedMethod, codec: MethodCodec, isStream: boolean, warnings: ErrorData[]): RpcInfo['invocation'] {
    const invocation = { service: service.name, method: method.name, language: service.language, oneway: method.kind === 'oneway', body: request.body, codec }
    if (isStream) return invocation
    const seqId = this.#parts.nextSeqId()
    return { ...invocation, prepared: { body: request.body, message: codec.encodeRequest(request.body, seqId, (warning) => warnings.push(warning)), seqId } }
  }

  /**
   * What `{"$file": path}` in a body means depends on where the request's paths start, so each such place has its codecs. `httpBody`: as HTTP
   * requests map it.
   */
  #codec(name: CodecName, rules: PathRules, httpBody?: HttpRoute['body']): Promise<PayloadCodec> {
    const { baseDir, isConfined = false } = rules
    const key = JSON.stringify([name, isConfined, baseDir, httpBody])
    const known = this.#codecs.get(key)
    if (known !== undefined) return known
    const options: CodecOptions = isConfined && baseDir === undefined ? {} : { readFile: (path) => readNamed(path, this.#files(rules)) }
    const made = httpBody === undefined ? createCodec(name, options) : mappedCodec(name, { ...options, body: httpBody })
    this.#codecs.set(key, made)
    return made
  }

  #files({ baseDir, isConfined = false }: PathRules): NamedFiles {
    // Who is confined has no folder but the one that was given.
    return isConfined ? { isConfined, ...(baseDir === undefined ? {} : { baseDir }) } : { baseDir: baseDir ?? this.#parts.baseDir }
  }
}

/** Methods as HTTP requests, their bodies in JSON or Protobuf. */
async function mappedCodec(name: CodecName, options: HttpCodecOptions): Promise<PayloadCodec> {
  const { createHttpCodec } = await import('./codec/http-generic/index.ts')
  return createHttpCodec(name === 'json' ? options : { ...options, payload: await createCodec(name, options) })
}

/** TLS as this protocol needs it; gRPC insists on HTTP/2. */
function securedFor({ protocol }: Chosen, secure: Secure, warnings: ErrorData[]): Secure {
  if (!protocol.tls) throw fail('usage', 'usage', 'call.transportNoTls', { transport: protocol.transport })
  if (secure.insecure) warnings.push(fail('protocol', 'connection', 'call.tlsNotVerified').data)
  return protocol.transport === 'grpc' ? overHttp2(secure) : secure
}

const isStreaming = ({ kind }: MethodDescriptor): boolean => kind !== 'unary' && kind !== 'oneway'
