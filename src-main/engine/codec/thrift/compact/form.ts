// Thrift Compact as a form of the wire.

import type { WireForm } from '../form.ts'
import { compactHeadParts, readCompactHead, writeCompactHead } from './message.ts'
import { CompactReader } from './reader.ts'
import { CompactWalk } from './walk.ts'
import { CompactWriter } from './writer.ts'

// As in Binary: one growing buffer for all codecs of a thread.
const writer = new CompactWriter()

export const compactForm: WireForm = {
  name: 'thrift-compact',
  encode(plan, value) {
    writer.at = 0
    plan.encodeCompact(writer, value)
    return writer.take()
  },
  encodeMessage(type, method, seqId, plan, value) {
    writer.at = 0
    writeCompactHead(writer, type, method, seqId)
    plan.encodeCompact(writer, value)
    return writer.take()
  },
  decode(plan, bytes, at, limits) {
    const reader = new CompactReader(bytes, at, limits)
    const value = plan.decodeCompact(reader, 1)
    return { value, end: reader.at }
  },
  readHead: readCompactHead,
  headParts: compactHeadParts,
  resultAt: (_message, at) => at,
  walk: (bytes, at) => new CompactWalk(bytes, at),
}
