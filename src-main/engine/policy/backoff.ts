// How long to wait before the next attempt: Kitex's three kinds (pkg/retry/backoff.go). Random draws whole milliseconds of [min, max].

import type { RetryPolicy } from '../../../shared/model/call.ts'

export function backoffMs(backoff: RetryPolicy['backoff'], random: () => number): number {
  switch (backoff.type) {
    case 'none':
      return 0
    case 'fixed':
      return backoff.fixMs
    case 'random': {
      const span = Math.max(0, backoff.maxMs - backoff.minMs)
      return backoff.minMs + Math.floor(random() * (span + 1))
    }
  }
}
