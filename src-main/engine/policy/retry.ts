// Whether one more attempt is made, and why not: Kitex's failure retry (pkg/retry/failure_retryer.go). Rules are asked in Kitex's order, and
// each answer is a reason that people read.

import type { ErrorCode, Text } from '../../../shared/base/error.ts'
import type { RetryPolicy } from '../../../shared/model/call.ts'

/** Persistent metainfo key that marks a request which is itself a retry; whoever gets it does not retry further on. */
export const retryMark = 'RetryReq'

export interface RetryFacts {
  readonly policy: RetryPolicy
  /** Finished attempts. */
  readonly attempts: number
  /** Of the last attempt; undefined when it succeeded. */
  readonly code: ErrorCode | undefined
  readonly elapsedMs: number
  /** This call was itself caused by a retry. */
  readonly isRetry: boolean
  readonly limit: { readonly stop: boolean; readonly rate: number; readonly samples: number }
}

export interface RetryVerdict {
  readonly again: boolean
  readonly why: Text
}

const stop = (key: string, params: NonNullable<Text['params']> = {}): RetryVerdict => ({ again: false, why: { key, params } })

/** By default only a timeout is tried again. */
export function decideRetry({ policy, attempts, code, elapsedMs, isRetry, limit }: RetryFacts): RetryVerdict {
  if (code === undefined || code === 'biz') return stop('chain.retrySucceeded')
  if (code !== 'rpc_timeout') return stop('chain.retryNotTimeout', { code })
  if (policy.maxRetryTimes === 0) return stop('chain.retryNone')
  if (isRetry && !policy.disableChainStop) return stop('chain.retryChainStop')
  if (attempts > policy.maxRetryTimes) return stop('chain.retryUsedUp', { max: policy.maxRetryTimes })
  if (policy.maxDurationMs > 0 && elapsedMs > policy.maxDurationMs) return stop('chain.retryTooLong', { maxMs: policy.maxDurationMs, elapsedMs: Math.round(elapsedMs) })
  if (limit.stop) return stop('chain.retryLimited', { rate: percent(limit.rate), limit: percent(policy.errorRate), samples: limit.samples })
  return { again: true, why: { key: 'chain.retryTimedOut' } }
}

const percent = (rate: number): string => `${(rate * 100).toFixed(1)} %`
