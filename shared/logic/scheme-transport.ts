// What the scheme of an address says of the protocol: who writes `ws://` means a WebSocket, whatever a probe of the port would find first.

import type { MethodDescriptor } from '../model/idl.ts'
import type { IdlLanguage, TransportName } from '../model/protocol.ts'

/** What is known of the callee; of `https` it depends on the method, since gRPC servers are called so too. */
export interface SchemeCallee {
  readonly language: IdlLanguage
  readonly method: Pick<MethodDescriptor, 'kind' | 'annotations'>
}

/** Undefined: the scheme leaves it open. */
export function transportOfScheme(scheme: string, callee: SchemeCallee | undefined): TransportName | undefined {
  switch (scheme) {
    case 'grpc':
    case 'grpcs':
      return 'grpc'
    case 'ws':
    case 'wss':
      return 'jsonrpc-ws'
    case 'http':
    case 'https':
      return callee !== undefined && isForHttp(callee) ? 'http' : undefined
    default:
      return undefined
  }
}

/** A Thrift method travels in HTTP requests with a route of its own or without; a Protobuf method without one is gRPC's, gRPC-Web's or Connect's. */
function isForHttp({ language, method }: SchemeCallee): boolean {
  if (method.kind !== 'unary' && method.kind !== 'oneway') return false
  return language === 'thrift' || (language === 'proto' && hasRoute(method))
}

/** `api.get = '/path'` and its kind (kitex.md 4.4), in Protobuf `(api.get)`. */
export const hasRoute = ({ annotations }: Pick<MethodDescriptor, 'annotations'>): boolean => (
  Object.keys(annotations).some((name) => /^\(?api\.(get|post|put|delete|patch|head|options|any)\)?$/.test(name)))
