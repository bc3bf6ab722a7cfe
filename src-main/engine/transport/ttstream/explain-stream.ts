// What a dump of TTHeader Streaming is: one direction of a connection, or a single frame, from bytes alone.

import { KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import type { Captured } from '../transport.ts'
import { intKey, stringKey } from '../ttheader/keys.ts'
import { decodeTtHeader } from '../ttheader/decode.ts'
import { headerInt, headerString } from '../ttheader/metainfo.ts'
import { FrameCapture } from './capture.ts'
import { StreamFrameReader } from './frame-reader.ts'

export interface ExplainedStream extends Captured {
  /** Of the last frame that names it; every frame of a stream does. */
  readonly method: string | undefined
  /** IDL service, which only a client's Header frame names: then these are a client's bytes. */
  readonly service: string | undefined
  /** Why the bytes cannot be read to their end; the last node says where. */
  readonly error: ErrorData | undefined
}

/** Explains frame after frame. Never throws: what cannot be read is a node of kind `unknown`. */
export function explainStream(bytes: Buffer): ExplainedStream {
  const capture = new FrameCapture(bytes.length + 1)
  let method: string | undefined
  let service: string | undefined
  let read = 0
  const reader = new StreamFrameReader({
    limitOf: () => bytes.length,
    oversized: () => undefined,
    frame: ({ raw }) => {
      const { info } = decodeTtHeader(raw)
      method = headerInt(info, intKey.toMethod) ?? method
      service ??= headerString(info, stringKey.service)
      capture.add(raw)
      read += raw.length
    },
  })
  const error = pushed(reader, bytes)
  const { nodes, messages } = capture.captured()
  const rest = read === bytes.length ? [] : [{ start: read, end: bytes.length, name: 'not understood', kind: 'unknown' as const, value: bytes.toString('hex', read, read + 16) }]
  return { bytes, nodes: [...nodes, ...rest], messages, method, service, error }
}

function pushed(reader: StreamFrameReader, bytes: Buffer): ErrorData | undefined {
  try {
    reader.push(bytes)
    return undefined
  } catch (caught) {
    return KiteError.from(caught, 'frame').data
  }
}
