// Exit codes are a contract with scripts (cli.md): 0 success, 1 the call or check failed, 2 wrong usage or bad input file,
// 3 cannot reach, 4 timed out, 130 interrupted. A wrapper such as `retry` ends as what it wraps.

import type { ErrorData } from '../../shared/base/error.ts'
import { assertNever } from '../../shared/base/assert.ts'

export const exit = { ok: 0, failed: 1, usage: 2, unreachable: 3, timedOut: 4, interrupted: 130 } as const

export function exitCodeOf(error: ErrorData): number {
  switch (error.code) {
    case 'usage': case 'body': case 'idl': case 'file': case 'unsupported': case 'contract':
      return exit.usage
    case 'service_discovery': case 'get_connection': case 'loadbalance': case 'no_more_instance':
      return exit.unreachable
    case 'rpc_timeout':
      return exit.timedOut
    case 'cancelled':
      return exit.interrupted
    case 'retry':
      return error.cause === undefined ? exit.failed : exitCodeOf(error.cause)
    case 'remote_or_network': case 'acl': case 'circuit_break': case 'over_limit': case 'route': case 'biz': case 'exception': case 'payload_validation':
    case 'protocol': case 'listen': case 'internal':
      return exit.failed
    default:
      return assertNever(error.code)
  }
}
