// What JSON text has to be to go over the wire and to come from it: any JSON at all, or the canonical form of one Protobuf message.

import { isUtf8 } from 'node:buffer'
import { KiteError, fail, type ErrorData } from '../../../../shared/base/error.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { prettyJson } from '../../../../shared/logic/json/write.ts'
import type { CodecOptions, ValueFormat } from '../codec.ts'
import { messageFromBody } from '../protobuf/body.ts'
import type { MessagePlan } from '../protobuf/plan-model.ts'
import { JsonText, wireFormat } from '../protobuf/to-json.ts'
import { warningsOf } from '../protobuf/warnings.ts'
import { defaultLimits } from '../protobuf/reader.ts'
import { readBody } from '../thrift/body.ts'

type OnWarning = ((warning: ErrorData) => void) | undefined

export interface JsonShape {
  toWire(json: string, onWarning: OnWarning): Buffer
  fromWire(bytes: Buffer, format: ValueFormat): { readonly json: string; readonly warnings: readonly ErrorData[] }
  /** What stands for nothing. */
  readonly empty: Buffer
}

/** The text of bytes, or undefined where they are no UTF-8. */
export const textOf = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString('utf8') : undefined)

/** Any JSON, passed on as it is; comments and trailing commas that only we understand do not go out. */
export const anyJson: JsonShape = {
  toWire(json, onWarning) {
    if (json.trim() === '') return Buffer.alloc(0)
    readBody(json, { onWarning })
    // Printing it anew drops what other readers refuse (a repeated key is none of that), and keeps every digit.
    const isStrict = readJson(json).issues.every(({ text }) => text.key === 'codec.json.repeatedKey')
    return Buffer.from(isStrict ? json : prettyJson(json), 'utf8')
  },
  fromWire(bytes) {
    const json = received(bytes)
    return { json: json.trim() === '' ? 'null' : json, warnings: [] }
  },
  empty: Buffer.from('null'),
}

/** A message in canonical ProtoJSON: 64-bit integers as strings, names of enums, no fields that the message does not have. */
export function messageJson(plan: MessagePlan, { readFile, limits = defaultLimits }: CodecOptions): JsonShape {
  return {
    toWire(json, onWarning) {
      const value = messageFromBody(plan, json, { readFile, onWarning })
      return Buffer.from(new JsonText(wireFormat, { showUnknown: false, limits }).message(plan, value), 'utf8')
    },
    fromWire(bytes, format) {
      const warnings: ErrorData[] = []
      // Bytes of a peer never open files, so none can be read here.
      const value = fromPeer(() => messageFromBody(plan, received(bytes), { onWarning: (warning) => warnings.push(warning) }))
      const text = new JsonText(format, { limits })
      const json = text.message(plan, value)
      return { json, warnings: text.doubtful ? [...warnings, ...warningsOf(plan, value, limits)] : warnings }
    },
    empty: Buffer.from('{}'),
  }
}

/** What is wrong with a text that a peer sent is no fault of the body that was written here. */
function fromPeer<T>(read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw thrown instanceof KiteError && thrown.data.code === 'body' ? new KiteError({ ...thrown.data, code: 'protocol' }) : thrown
  }
}

function received(bytes: Buffer): string {
  const text = textOf(bytes)
  if (text === undefined) throw fail('protocol', 'codec', 'protobuf.json.notUtf8', {}, { at: { offset: 0 } })
  if (text.trim() !== '') fromPeer(() => readBody(text, { onWarning: undefined }))
  return text
}
