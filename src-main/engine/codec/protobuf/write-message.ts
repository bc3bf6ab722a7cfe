// Message values to bytes. Encoding is synchronous, so all codecs of a thread share one buffer; messages are copied out of it.

import type { MessagePlan } from './plan-model.ts'
import type { MessageValue } from './value.ts'
import { ByteWriter } from './writer.ts'

const writer = new ByteWriter()

/** Bytes of a message; `head`, which goes before them, is written after them. */
export function encodeMessage(plan: MessagePlan, value: MessageValue, head?: (writer: ByteWriter) => void): Buffer {
  writer.clear()
  plan.encode(writer, value)
  head?.(writer)
  return writer.take()
}
