// The quick completion and the schema must agree on every default: the one runs for `kite call`, the other at each process boundary.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeRequest } from '../../../../shared/logic/complete-request.ts'
import { callRequestSchema, type CallRequestInput } from '../../../../shared/model/call.ts'

/** Every optional member may be there or not. */
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined })
const record = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(members).map((value) => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T)
const pairs = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 })

const requests = record({
  idl: record({ paths: fc.array(fc.string()), includeDirs: maybe(fc.array(fc.string())) }),
  method: fc.string({ minLength: 1 }),
  body: fc.string(),
  target: fc.oneof(
    record({ kind: fc.constant('direct'), endpoints: fc.array(fc.string(), { minLength: 1 }), service: maybe(fc.string()) }),
    record({ kind: fc.constant('service'), service: fc.string({ minLength: 1 }), registry: fc.string({ minLength: 1 }), tags: maybe(fc.dictionary(fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'), fc.string())), pinned: maybe(fc.string()) }),
  ),
  transport: maybe(fc.constantFrom('auto', 'framed')),
  timeoutMs: maybe(fc.nat()),
  connectTimeoutMs: maybe(fc.nat()),
  metainfo: maybe(record({ transient: maybe(pairs), persistent: maybe(pairs) })),
  caller: maybe(fc.string()),
  policy: maybe(record({
    retry: maybe(record({ enable: maybe(fc.boolean()), maxRetryTimes: maybe(fc.nat(5)), errorRate: maybe(fc.constantFrom(0.2, 0.3)), backoff: maybe(fc.constantFrom({ type: 'none' }, { type: 'fixed', fixMs: 3 })), retrySameNode: maybe(fc.boolean()) })),
    serviceBreaker: maybe(record({ errRate: maybe(fc.constant(0.4)), minSample: maybe(fc.integer({ min: 1, max: 500 })) })),
    instanceBreaker: maybe(record({ enable: maybe(fc.boolean()) })),
    balancer: maybe(fc.constantFrom('weight_round_robin', 'weight_random')),
    pool: maybe(fc.constantFrom('auto', 'short', 'long', 'mux')),
  })),
  seed: maybe(fc.nat()),
  chain: maybe(fc.boolean()),
  bytes: maybe(fc.boolean()),
  format: maybe(record({ int64: maybe(fc.constantFrom('number', 'string')), enums: maybe(fc.constantFrom('name', 'number')), defaults: maybe(fc.boolean()) })),
}) as fc.Arbitrary<CallRequestInput>

describe('completeRequest', () => {
  it('fills in what the schema would', () => {
    fc.assert(fc.property(requests, (request) => {
      expect(completeRequest(request)).toEqual(callRequestSchema.parse(request))
    }))
  })
})
