// Policy files as people have them: the examples are those of kitex-contrib's config suites.

import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { readPolicy } from '../../../../src-main/engine/policy/read-policy.ts'

const subject = { caller: 'ClientName', service: 'ServiceName', method: 'echo' }
const read = (json: unknown) => readPolicy(json, subject, 'p.json')
const failure = { enable: true, type: 0, failure_policy: { stop_policy: { max_retry_times: 3, max_duration_ms: 2000, cb_policy: { error_rate: 0.2 } }, backoff_policy: { backoff_type: 'fixed', cfg_items: { fix_ms: 50 } }, retry_same_node: true } }
const retry = { enable: true, maxRetryTimes: 3, maxDurationMs: 2000, disableChainStop: false, errorRate: 0.2, backoff: { type: 'fixed', fixMs: 50 }, retrySameNode: true }

const problem = (json: unknown): unknown => {
  try {
    return read(json)
  } catch (caught) {
    if (!(caught instanceof KiteError)) throw caught
    return { code: caught.data.code, key: caught.data.text.key, path: caught.data.at?.path }
  }
}

describe('a policy file', () => {
  it('may be one Kitex retry policy', () => {
    expect(read(failure)).toEqual({ policy: { retry }, warnings: [] })
  })

  it('may be a category of a config centre, by method, else by the wildcard', () => {
    expect(read({ '*': failure }).policy).toEqual({ retry })
    expect(read({ '*': { rpc_timeout_ms: 3000, conn_timeout_ms: 100 }, echo: { rpc_timeout_ms: 1000 } })).toEqual({ policy: {}, timeoutMs: 1000, warnings: [] })
    expect(read({ echo: { enable: true, err_rate: 0.3, min_sample: 100 } }).policy).toEqual({ serviceBreaker: { enable: true, errRate: 0.3, minSample: 100 } })
  })

  it('may be the file suite\'s, by client and server, with all categories', () => {
    expect(read({ 'ClientName/ServiceName': { timeout: { '*': { conn_timeout_ms: 100, rpc_timeout_ms: 2000 } }, retry: { echo: failure }, circuitbreaker: { echo: { enable: true, err_rate: 0.4, min_sample: 10 } } } })).toEqual({
      policy: { retry, serviceBreaker: { enable: true, errRate: 0.4, minSample: 10 } }, timeoutMs: 2000, connectTimeoutMs: 100, warnings: [],
    })
  })

  it('may be ours, and leaves out what it does not say', () => {
    expect(read({ retry: { maxRetryTimes: 1 }, timeoutMs: 25 })).toEqual({
      policy: { retry: { enable: true, maxRetryTimes: 1, maxDurationMs: 0, disableChainStop: false, errorRate: 0.1, backoff: { type: 'none' }, retrySameNode: false } }, timeoutMs: 25, warnings: [],
    })
    expect(read({ balancer: 'weight_random', instanceBreaker: {} }).policy).toEqual({ balancer: 'weight_random', instanceBreaker: { enable: true, errRate: 0.5, minSample: 200 } })
  })

  it('has an error rate that Kitex would replace, which is told', () => {
    const reading = read({ ...failure, failure_policy: { stop_policy: { cb_policy: { error_rate: 0.5 } } } })
    expect([reading.policy.retry?.errorRate, reading.warnings.map(({ text }) => text)]).toEqual([0.1, [{ key: 'chain.policyErrorRate', params: { rate: 0.5 } }]])
  })

  it.each([
    [[], { code: 'file', key: 'chain.policyNotAnObject', path: undefined }],
    [{ other: {} }, { code: 'file', key: 'chain.policyUnknown', path: undefined }],
    [{ '*': { enable: true, type: 1, backup_policy: { retry_delay_ms: 100 } } }, { code: 'unsupported', key: 'chain.policyOnlyFailure', path: '*' }],
    [{ enable: true, type: 0, failure_policy: { stop_policy: { max_retry_times: 9 } } }, { code: 'file', key: 'chain.policyInvalid', path: 'failure_policy.stop_policy.max_retry_times' }],
    [{ echo: { err_rate: 2 } }, { code: 'file', key: 'chain.policyInvalid', path: 'echo.err_rate' }],
    [{ balancer: 'nobody' }, { code: 'file', key: 'chain.policyInvalid', path: 'balancer' }],
  ])('%j is refused with the place', (json, expected) => {
    expect(problem(json)).toEqual(expected)
  })
})
