// A unary gRPC call over a pool or a lease, for tests.

import { noHeader, noRoute, type CallRoute, type ConnectionPool, type Exchange, type Lease, type Secure } from '../../../../../src-main/engine/transport/transport.ts'

export const route: CallRoute = { service: 'a.b.Echo', method: 'Say', codec: 'protobuf', language: 'proto', compress: 'none', timeoutMs: 0, http: noRoute }

export interface CallOptions {
  readonly message?: Buffer
  readonly signal?: AbortSignal
  readonly route?: Partial<CallRoute>
  readonly secure?: Secure
  readonly maxFrameBytes?: number
}

/** Acquires, calls and gives back. */
export async function call(pool: ConnectionPool, address: string, options: CallOptions = {}): Promise<Exchange> {
  const lease = await pool.acquire(address, 5000, options.signal ?? new AbortController().signal, options.secure)
  try {
    return await grpcCall(lease, options)
  } finally {
    lease.release(true)
  }
}

export const grpcCall = (lease: Lease, { message = Buffer.from('ping'), signal = new AbortController().signal, route: more = {}, maxFrameBytes = 4 * 1024 * 1024 }: CallOptions = {}): Promise<Exchange> => (
  lease.exchange({ transport: 'grpc', route: { ...route, ...more }, seqId: 1, header: noHeader, message }, { oneway: false, meter: () => undefined, maxFrameBytes }, signal))
