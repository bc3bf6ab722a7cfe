// A reply of HTTP without any socket, for what reads bodies.

import type { Pair } from '../../../shared/model/metainfo.ts'
import type { HttpReply } from '../../../src-main/engine/transport/http/types.ts'

const nothing = { bytes: Buffer.alloc(0), nodes: [], messages: [] }

/** A good reply whose body comes in these chunks. */
export function httpReply(headers: readonly Pair[], chunks: readonly Buffer[]): HttpReply {
  const left = [...chunks]
  return {
    version: '1.1', status: 200, reason: 'OK', headers,
    next: () => Promise.resolve(left.shift()),
    read: () => Promise.resolve(Buffer.concat(left.splice(0))),
    trailers: () => [],
    bodyBytes: () => 0,
    captured: () => ({ sent: nothing, received: nothing }),
    lengths: () => ({ sent: 0, received: 0 }),
    marks: () => ({ writeStart: 0, writeFinish: 0, readStart: 0, readFinish: 0 }),
  }
}
