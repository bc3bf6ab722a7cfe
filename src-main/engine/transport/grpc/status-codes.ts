// The status codes of gRPC with Kitex's own, what kind of error each is to the console, and what an HTTP status means where no gRPC
// status came. Sources: gRPC "statuscodes.md" and "http-grpc-status-mapping.md"; Kitex pkg/remote/trans/nphttp2/codes (17), codes.go (20).

import type { ErrorCode } from '../../../../shared/base/error.ts'

const names = [
  'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED',
] as const

/** Codes by their names. */
export const grpcCode = {
  ok: 0, cancelled: 1, unknown: 2, invalidArgument: 3, deadlineExceeded: 4, notFound: 5, alreadyExists: 6, permissionDenied: 7, resourceExhausted: 8,
  failedPrecondition: 9, aborted: 10, outOfRange: 11, unimplemented: 12, internal: 13, unavailable: 14, dataLoss: 15, unauthenticated: 16,
  /** Kitex only: waiting for the next message took too long. */
  kitexRecvDeadlineExceeded: 17,
  /** Kitex only: the type id of its exception for an unknown service. */
  kitexUnknownService: 20,
} as const

/** The name of a status code; a number that neither gRPC nor Kitex defines is shown as it is. */
export function statusName(code: number): string {
  if (code === grpcCode.kitexRecvDeadlineExceeded) return 'RECV_DEADLINE_EXCEEDED'
  if (code === grpcCode.kitexUnknownService) return 'UNKNOWN_SERVICE'
  return names[code] ?? `STATUS_${code}`
}

/** The code of a name in either spelling (`NOT_FOUND`, Connect's `not_found`); Connect writes `canceled`. */
export function statusOfName(name: string): number | undefined {
  const upper = name.toUpperCase()
  const found = names.findIndex((one) => one === (upper === 'CANCELED' ? 'CANCELLED' : upper))
  return found < 0 ? undefined : found
}

/** What a status is among the console's kinds of errors: the counterpart of Kitex's own mapping (ErrOverlimit is 8, ErrACL is 7). */
export function errorCodeOf(status: number): ErrorCode {
  switch (status) {
    case grpcCode.deadlineExceeded:
    case grpcCode.kitexRecvDeadlineExceeded:
      return 'rpc_timeout'
    case grpcCode.permissionDenied:
      return 'acl'
    case grpcCode.resourceExhausted:
      return 'over_limit'
    default:
      return 'remote_or_network'
  }
}

const byHttpStatus: Readonly<Record<number, number>> = {
  400: grpcCode.internal,
  401: grpcCode.unauthenticated,
  403: grpcCode.permissionDenied,
  404: grpcCode.unimplemented,
  429: grpcCode.unavailable,
  502: grpcCode.unavailable,
  503: grpcCode.unavailable,
  504: grpcCode.unavailable,
}

/** The status that stands for an HTTP status where the peer, or something before it, sent no gRPC status. */
export const statusOfHttp = (httpStatus: number): number => byHttpStatus[httpStatus] ?? grpcCode.unknown
