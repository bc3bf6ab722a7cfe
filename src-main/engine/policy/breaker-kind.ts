// Which way of ending counts as what for the two breakers (Kitex pkg/circuitbreak/default.go): the service's own faults must not be
// confused with ours, and an instance is judged by its connections alone.

import type { ErrorCode } from '../../../shared/base/error.ts'
import type { Outcome } from './window.ts'

/** Never counted on the service level. */
const ignored: ReadonlySet<ErrorCode> = new Set(['internal', 'service_discovery', 'acl', 'loadbalance', 'cancelled', 'body', 'idl', 'usage'])

/** Service level; undefined is not counted. A business error is a success (Kitex: BizStatusError), and so is an exception that the IDL declares: to Kitex's middlewares it is a result. */
export function serviceOutcome(code: ErrorCode | undefined): Outcome | undefined {
  if (code === undefined || code === 'biz' || code === 'exception') return 'ok'
  if (ignored.has(code)) return undefined
  return code === 'rpc_timeout' ? 'timeout' : 'fail'
}

/** Instance level: a connection that could not be had is the only failure. */
export const instanceOutcome = (code: ErrorCode | undefined): Outcome => (code === 'get_connection' ? 'fail' : 'ok')
