// Fills in what a request leaves out, exactly as its schema would. It stands beside the schema because loading a schema library costs a
// single `kite call` more than the call itself; what crosses a process boundary is still parsed there. A test holds the two together.

import type { BreakerPolicy, CallPolicy, CallRequest, CallRequestInput, RetryPolicy } from '../model/call.ts'

type Policy = NonNullable<CallRequestInput['policy']>

/** A request with every default in its place. */
export function completeRequest(input: CallRequestInput): CallRequest {
  const { idl, method, body, target, metainfo, policy, format, seed } = input
  return {
    idl: { paths: idl.paths, includeDirs: idl.includeDirs ?? [] },
    method,
    body,
    target: target.kind === 'direct' ? target : { ...target, tags: target.tags ?? {} },
    transport: input.transport ?? 'auto',
    codec: input.codec ?? 'auto',
    timeoutMs: input.timeoutMs ?? 1000,
    connectTimeoutMs: input.connectTimeoutMs ?? 50,
    metainfo: { transient: metainfo?.transient ?? [], persistent: metainfo?.persistent ?? [] },
    headers: input.headers ?? [],
    compress: input.compress ?? 'none',
    ...(input.tls === undefined ? {} : { tls: { ...input.tls, insecure: input.tls.insecure ?? false } }),
    ...(input.http === undefined ? {} : { http: { path: input.http.path ?? '', version: input.http.version ?? 'auto', redirects: input.http.redirects ?? 5, body: input.http.body ?? 'auto', dialect: input.http.dialect ?? 'jsonrpc-2.0' } }),
    ...(input.stream === undefined ? {} : { stream: { rate: input.stream.rate ?? 0, recvTimeoutMs: input.stream.recvTimeoutMs ?? 0 } }),
    ...(input.keepAliveMs === undefined ? {} : { keepAliveMs: input.keepAliveMs }),
    maxMessageBytes: input.maxMessageBytes ?? 256 * 1024 * 1024,
    caller: input.caller ?? 'kite.console',
    policy: completePolicy(policy ?? {}),
    ...(seed === undefined ? {} : { seed }),
    chain: input.chain ?? true,
    bytes: input.bytes ?? true,
    crossCheck: input.crossCheck ?? false,
    format: { int64: format?.int64 ?? 'number', enums: format?.enums ?? 'name', binary: format?.binary ?? 'base64', defaults: format?.defaults ?? false },
  }
}

function completePolicy({ retry, serviceBreaker, instanceBreaker, balancer, pool }: Policy): CallPolicy {
  return {
    ...(retry === undefined ? {} : { retry: completeRetry(retry) }),
    ...(serviceBreaker === undefined ? {} : { serviceBreaker: completeBreaker(serviceBreaker) }),
    ...(instanceBreaker === undefined ? {} : { instanceBreaker: completeBreaker(instanceBreaker) }),
    balancer: balancer ?? 'weight_round_robin',
    pool: pool ?? 'auto',
  }
}

const completeRetry = (retry: NonNullable<Policy['retry']>): RetryPolicy => ({
  enable: retry.enable ?? true,
  maxRetryTimes: retry.maxRetryTimes ?? 2,
  maxDurationMs: retry.maxDurationMs ?? 0,
  disableChainStop: retry.disableChainStop ?? false,
  errorRate: retry.errorRate ?? 0.1,
  backoff: retry.backoff ?? { type: 'none' },
  retrySameNode: retry.retrySameNode ?? false,
})

const completeBreaker = ({ enable = true, errRate = 0.5, minSample = 200 }: NonNullable<Policy['serviceBreaker']>): BreakerPolicy => ({ enable, errRate, minSample })
