// Which protocols ride on HTTP/1.1, each loaded when it is first used. One more is one more line.

import { fail } from '../../../../shared/base/error.ts'
import type { TransportName } from '../transport.ts'
import type { HttpProtocol } from './types.ts'

const protocols: Readonly<Partial<Record<TransportName, () => Promise<HttpProtocol>>>> = {
  http: async () => (await import('./plain.ts')).plainHttp,
  'grpc-web': async () => (await import('../grpc-web/grpc-web.ts')).grpcWeb,
  connect: async () => (await import('../connect/connect.ts')).connect,
}

/** What a transport makes of an HTTP lease. */
export function httpProtocol(transport: TransportName): Promise<HttpProtocol> {
  const load = protocols[transport]
  return load === undefined ? Promise.reject(fail('unsupported', 'frame', 'http.notOverHttp', { transport })) : load()
}
