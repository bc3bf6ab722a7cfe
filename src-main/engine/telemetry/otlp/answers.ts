// What a receiver answers in either encoding: Export<Signal>ServiceResponse and google.rpc.Status. Full success leaves
// partial_success unset, which makes it the empty message. The texts go into other programs' logs, so they are not translated.

import { WireWriter } from './wire-writer.ts'

export type Encoding = 'protobuf' | 'json'

/** ExportTraceServiceResponse; metrics and logs have the same shape. */
export function exportResponse(encoding: Encoding, rejected: number, message: string | undefined): Buffer {
  if (rejected === 0) return encoding === 'json' ? Buffer.from('{}') : Buffer.alloc(0)
  const why = message ?? ''
  if (encoding === 'json') return Buffer.from(JSON.stringify({ partialSuccess: { rejectedSpans: String(rejected), errorMessage: why } }))
  const writer = new WireWriter(why.length * 3 + 64)
  writer.message(1, () => {
    writer.int64(1, BigInt(rejected))
    writer.string(2, why)
  })
  return writer.finish()
}

/** google.rpc.Status; the codes are gRPC's. */
export function statusBody(encoding: Encoding, code: number, message: string): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }))
  const writer = new WireWriter(message.length * 3 + 64)
  writer.uint32(1, code)
  writer.string(2, message)
  return writer.finish()
}
