// What JSON text has to be to go over the wire and to come from it: any JSON at all, or the canonical form of one Protobuf message.

import { isUtf8 } from 'node:buffer'
import { KiteError, fail, type ErrorData } from '../../../../shared/base/error.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { prettyJson } from '../../../../shared/logic/json/write.ts'
import type { CodecOptions, ValueFormat } from '../codec.ts'
import { readBody } from '../common/read-body.ts'
import { messageFromBody } from '../protobuf/body.ts'
import type { MessagePlan } from '../protobuf/plan-model.ts'
import { defaultLimits } from '../protobuf/reader.ts'
import { JsonText, wireFormat } from '../protobuf/to-json.ts'
import type { MessageValue } from '../protobuf/value.ts'
import { warningsOf } from '../protobuf/warnings.ts'

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
    const json = receivedText(bytes)
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
      const received = receivedText(bytes)
      const warnings: ErrorData[] = []
      const value = read(plan, received, warnings)
      // What the message cannot hold is shown as it came: the reader wants to see it, and nothing is lost.
      if (value === undefined) return { json: received, warnings }
      const text = new JsonText(format, { limits })
      const json = text.message(plan, value)
      return { json, warnings: text.doubtful ? [...warnings, ...warningsOf(plan, value, limits)] : warnings }
    },
    empty: Buffer.from('{}'),
  }
}

/** The message of a text that a peer sent; undefined, with a warning, where it holds what the message does not. Files are never opened for a peer. */
function read(plan: MessagePlan, text: string, warnings: ErrorData[]): MessageValue | undefined {
  try {
    return messageFromBody(plan, text, { onWarning: (warning) => warnings.push(warning) })
  } catch (thrown) {
    if (!(thrown instanceof KiteError) || thrown.data.code !== 'body') throw thrown
    warnings.push({ ...thrown.data, code: 'protocol' })
    return undefined
  }
}

function receivedText(bytes: Buffer): string {
  const text = textOf(bytes)
  if (text === undefined) throw fail('protocol', 'codec', 'protobuf.json.notUtf8', {}, { at: { offset: 0 } })
  if (text.trim() === '') return text
  try {
    readBody(text, { onWarning: undefined })
  } catch (thrown) {
    // No fault of a body that was written here.
    throw thrown instanceof KiteError ? new KiteError({ ...thrown.data, code: 'protocol' }) : thrown
  }
  return text
}
