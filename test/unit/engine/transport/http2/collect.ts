// A request over our connection with all that came of it, for tests.

import type { KiteError } from '../../../../../shared/base/error.ts'
import type { Pair } from '../../../../../shared/model/metainfo.ts'
import type { Http2Connection } from '../../../../../src-main/engine/transport/http2/connection.ts'
import type { RequestHead } from '../../../../../src-main/engine/transport/http2/sender.ts'

export interface Collected {
  readonly headers: readonly Pair[]
  readonly body: Buffer
  readonly trailers: readonly Pair[]
  readonly reset?: number
}

/** Resolves when the stream has ended; rejects when it failed. */
export function collect(connection: Http2Connection, head: RequestHead, body?: Buffer): Promise<Collected> {
  return new Promise((resolve, reject) => {
    const lists: (readonly Pair[])[] = []
    const chunks: Buffer[] = []
    const done = (reset?: number): void => resolve({ headers: lists[0] ?? [], body: Buffer.concat(chunks), trailers: lists[1] ?? [], ...(reset === undefined ? {} : { reset }) })
    const stream = connection.request(head, {
      headers: (fields, last) => {
        lists.push(fields)
        if (last) done()
      },
      data: (bytes, start, end, last) => {
        chunks.push(Buffer.from(bytes.subarray(start, end)))
        if (last) done()
        else stream.consume(end - start)
      },
      reset: done,
      failed: (error: KiteError) => reject(error),
    })
    if (body !== undefined) stream.write(body, true)
  })
}
