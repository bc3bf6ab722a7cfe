// What a transport that names the method itself is told of a call, from the context of the moment it is sent: the deadline is what is left then.

import type { CodecName } from '../codec/codec.ts'
import type { CallRoute } from '../transport/transport.ts'
import type { Clock } from './clock.ts'
import type { RpcInfo } from './rpcinfo.ts'

/** The route of a call; its timeout in ms is never 0 where there is a deadline. */
export const routeOf = ({ invocation, config, deadline }: RpcInfo, codec: CodecName, clock: Clock): CallRoute => ({
  service: invocation.service, method: invocation.method, codec, language: invocation.language, compress: config.compress,
  timeoutMs: deadline === undefined ? 0 : Math.max(1, (deadline - clock.now()) / 1e6), http: config.http,
})
