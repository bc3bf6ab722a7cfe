// Values as the byte view shows them: exact, cut to what a line holds, and in every plausible reading where no IDL says which is meant.

import { shownCharacters, shownText } from '../../../../shared/logic/byte-node.ts'
import { doubleText, floatText } from '../common/float-text.ts'
import { decodeUtf8 } from '../common/text.ts'
import type { ValuePlan } from './plan-model.ts'
import type { ByteReader } from './reader.ts'
import { wire } from './wire.ts'

/** A string, or hex of bytes. */
export function lengthText(bytes: Buffer, start: number, end: number, isText: boolean): string {
  const stop = Math.min(end, start + shownCharacters * 4)
  return shownText(isText ? decodeUtf8(bytes, start, stop) : bytes.toString('hex', start, Math.min(stop, start + shownCharacters)))
}

/** A number of a wire type at the reader, which then stands behind it; throws Breach. */
export function numberText(reader: ByteReader, type: number, plan: ValuePlan | undefined, end: number): string {
  const start = reader.at
  reader.skip(8 + type, end, 1)
  const stop = reader.at
  reader.at = start
  const text = plan === undefined ? untyped(reader, type) : typed(reader, plan)
  reader.at = stop
  return text
}

function typed(reader: ByteReader, plan: ValuePlan): string {
  switch (plan.type) {
    case 'bool':
      return String(reader.bool())
    case 'int32':
      return String(reader.int32())
    case 'uint32':
      return String(reader.uint32())
    case 'sint32':
      return String(reader.sint32())
    case 'int64':
    case 'uint64':
    case 'sint64':
      return String(reader[plan.type]())
    case 'fixed32':
      return String(reader.view.getUint32(reader.at, true))
    case 'sfixed32':
      return String(reader.view.getInt32(reader.at, true))
    case 'float':
      return plain(floatText(reader.view.getFloat32(reader.at, true)))
    case 'double':
      return plain(doubleText(reader.view.getFloat64(reader.at, true)))
    case 'fixed64':
    case 'sfixed64':
      return String(reader[plan.type](reader.at))
    case 'enum': {
      const number = reader.int32()
      const name = plan.kind === 'enum' ? plan.enum.byValue.get(number) : undefined
      return name === undefined ? String(number) : `${name} (${number})`
    }
    default:
      throw new Error(`believed: ${plan.type} is no number`)
  }
}

const plain = (json: string): string => json.replaceAll('"', '')

function untyped(reader: ByteReader, type: number): string {
  const { at, view } = reader
  if (type === wire.i32) return `${view.getUint32(at, true)} (float ${plain(floatText(view.getFloat32(at, true)))})`
  if (type === wire.i64) return `${reader.fixed64(at)} (double ${plain(doubleText(view.getFloat64(at, true)))})`
  const unsigned = reader.uint64()
  reader.at = at
  return `${unsigned} (zigzag ${reader.sint64()})`
}
