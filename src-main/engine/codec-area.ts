// Encoding, decoding and explaining for their own sake, as hosts ask for it. It stands beside the codec, not in it, because a whole
// frame is explained by transport and codec together, and those two do not know each other.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ErrorData } from '../../shared/base/error.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { CodecName, ValueFormat } from './codec/codec.ts'
import { createCodec } from './codec/codecs.ts'
import type { ExplainedFrame, ExplainOptions } from './explained-frame.ts'

export type { ExplainedFrame, ExplainOptions }

/** Types are named as `kite encode --type` does: a struct or message, `Service/Method#args` or `Service/Method#result`. */
export interface CodecArea {
  /** `codec` `auto`: Protobuf where the IDL is nothing else, else Thrift Binary. */
  encode(idl: IdlSet, type: string, json: string, codec?: CodecName | 'auto'): Promise<{ readonly bytes: Buffer; readonly warnings: readonly ErrorData[] }>
  decode(idl: IdlSet, type: string, bytes: Buffer, options?: { readonly codec?: CodecName | 'auto'; readonly format?: ValueFormat }): Promise<{ readonly json: string; readonly warnings: readonly ErrorData[] }>
  /** Explains a frame of any transport; with a codec named, bytes that are no frame are a message or a bare payload of it. */
  explainFrame(raw: Buffer, idl?: IdlSet, options?: ExplainOptions): Promise<ExplainedFrame>
}

export function createCodecArea(baseDir: string): CodecArea {
  return {
    async encode(idl, type, json, codec = 'auto') {
      const warnings: ErrorData[] = []
      const payload = await createCodec(named(idl, codec), { readFile: (path) => readFileSync(resolve(baseDir, path)) })
      return { bytes: payload.encodeType(idl, type, json, (warning) => warnings.push(warning)), warnings }
    },
    async decode(idl, type, bytes, { codec = 'auto', format } = {}) {
      return (await createCodec(named(idl, codec))).decodeType(idl, type, bytes, format)
    },
    async explainFrame(raw, idl, options) {
      return (await import('./explain-frame.ts')).explainFrame(raw, idl, options)
    },
  }
}

const named = (idl: IdlSet, codec: CodecName | 'auto'): CodecName => (codec !== 'auto' ? codec : idl.files.some(({ kind }) => kind === 'thrift') ? 'thrift-binary' : 'protobuf')
