// Connect's error documents, `{"code":"not_found","message":"…","details":[{"type","value"}]}`, as the fault that gRPC's status of the same name is. Where
// no such document came, the HTTP status stands for a code, by the very table of gRPC.

import { type ErrorData, fail } from '../../../../shared/base/error.ts'
import { isRecord } from '../../../../shared/base/is-record.ts'
import { statusFault } from '../grpc/status.ts'
import { statusName, statusOfHttp, statusOfName } from '../grpc/status-codes.ts'
import { detailJson } from '../grpc/status-details.ts'

/** The fault in an error document; undefined where the text is none. */
export function faultOfDocument(value: unknown, method: string): ErrorData | undefined {
  if (!isRecord(value) || typeof value['code'] !== 'string') return undefined
  const code = statusOfName(value['code'])
  if (code === undefined) return undefined
  const message = typeof value['message'] === 'string' ? value['message'] : ''
  const details = Array.isArray(value['details']) ? value['details'].filter(isRecord).map(detailOf) : []
  return statusFault({ code, message, ...(details.length === 0 ? {} : { details: JSON.stringify({ code, message, details }) }) }, method)
}

/** The fault of a reply that is no success: its document, or its HTTP status. */
export function faultOfReply(httpStatus: number, body: Buffer, method: string): ErrorData {
  const fault = faultOfDocument(parsed(body), method)
  if (fault !== undefined) return fault
  const code = statusOfHttp(httpStatus)
  const { hint } = statusFault({ code, message: '' }, method)
  const said = { httpStatus, code, name: statusName(code) }
  return fail('remote_or_network', 'remote', 'connect.httpStatus', said, { exception: { type: said.name, typeId: code }, hint: hint ?? { key: 'grpc.httpStatusHint' } }).data
}

/** JSON of bytes; undefined where they are none. */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Types come without a host, values in base64 without padding. */
function detailOf({ type, value }: Readonly<Record<string, unknown>>): ReturnType<typeof detailJson> {
  const name = typeof type === 'string' ? type : ''
  return detailJson(name.includes('/') ? name : `type.googleapis.com/${name}`, Buffer.from(typeof value === 'string' ? value : '', 'base64'))
}
