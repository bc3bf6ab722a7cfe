// Which method a request means: one of its IDL, one that the server describes itself, or one that nothing but its name describes.

import type { CallRequest } from '../../shared/model/call.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../shared/model/idl.ts'
import type { IdlBounds, IdlLoader, LoadedMethod } from './idl-area.ts'
import { overHttp2 } from './transport/place.ts'
import type { Secure } from './transport/transport.ts'

type MethodQuestion = Pick<CallRequest, 'idl' | 'target' | 'transport' | 'headers' | 'method'>

/** The method to call. Throws KiteError. */
export async function calledMethod(idls: IdlLoader, request: CallRequest, secure: Secure | undefined, signal: AbortSignal, bounds?: IdlBounds): Promise<LoadedMethod> {
  return speaksWithoutIdl(request) ? undescribed(request) : describeMethod(idls, request, secure, signal, bounds)
}

/** The method by an IDL; without one a gRPC server is asked for its own, as grpcurl does. Throws KiteError. */
export function describeMethod(idls: IdlLoader, { idl, target, transport, headers, method }: MethodQuestion, secure: Secure | undefined, signal: AbortSignal, bounds: IdlBounds = {}): Promise<LoadedMethod> {
  const [address] = target.kind === 'direct' ? target.endpoints : []
  const asksServer = idl.paths.length === 0 && address !== undefined && (transport === 'grpc' || (transport === 'auto' && /^[\w.]+\.[\w]+[/.]\w+$/.test(method)))
  return idls.method({ ...idl, ...(asksServer ? { paths: ['reflect:'] } : {}), ...bounds }, method, signal, {
    ...(address === undefined ? {} : { address }), ...(secure === undefined ? {} : { secure: overHttp2(secure) }), headers,
  })
}

/** JSON-RPC needs no IDL, and a verb before a path is a plain HTTP request: no method of an IDL has a blank in its name. */
const speaksWithoutIdl = ({ transport, method, idl }: CallRequest): boolean => (
  transport === 'jsonrpc-ws' || ((transport === 'http' || transport === 'auto') && (/^[A-Z]+ \S/.test(method) || (transport === 'http' && idl.paths.length === 0))))

const noIdl: IdlSet = { files: [], services: [], structs: {}, enums: {}, diagnostics: [] }

/** A method that only its name describes. */
function undescribed({ method: name, transport, stream }: CallRequest): LoadedMethod {
  const kind = transport === 'jsonrpc-ws' && stream !== undefined ? 'bidi' : 'unary'
  const method: MethodDescriptor = { name, declaredBy: '', kind, args: [], returns: { kind: 'void', written: 'void' }, throws: [], annotations: {}, at: {} }
  const service: ServiceDescriptor = { name: '', language: 'none', file: '', methods: [method], annotations: {}, at: {} }
  return { idl: noIdl, service, method }
}
