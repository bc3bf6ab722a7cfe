// Messages of test/peers/grpc-go/idl/peer.proto written and read without any codec of ours, for tests of what lies below codecs.

import { protoBytes, protoFields } from '../../../src-main/engine/transport/grpc/proto-fields.ts'

function int(number: number, value: number): Buffer {
  if (value === 0) return Buffer.alloc(0)
  const bytes = [number << 3]
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

/** EchoRequest, and EchoReply, which has the same fields. */
export const echoMessage = (text: string): Buffer => (text === '' ? Buffer.alloc(0) : protoBytes(1, text))
export const echoText = (message: Buffer): string => bytesOf(message, 1).toString()

export const sleepRequest = (ms: number): Buffer => int(1, ms)
/** What the server saw of its deadline; -1: none. */
export const sleepLeftMs = (message: Buffer): number => intOf(message, 1)

export const failRequest = (code: number, message: string, details = false): Buffer => Buffer.concat([int(1, code), protoBytes(2, message), int(3, details ? 1 : 0)])

export const bigRequest = (bytes: number): Buffer => int(1, bytes)
export const bigData = (message: Buffer): Buffer => bytesOf(message, 1)

export const numberMessage = (value: number): Buffer => int(1, value)
export const totalOf = (message: Buffer): { readonly sum: number; readonly count: number } => ({ sum: intOf(message, 1), count: intOf(message, 2) })

export interface CountOptions {
  readonly count: number
  readonly bytes?: number
  readonly everyMs?: number
  readonly failAfter?: number
}
export const countRequest = ({ count, bytes = 0, everyMs = 0, failAfter = 0 }: CountOptions): Buffer => Buffer.concat([int(1, count), int(2, bytes), int(3, everyMs), int(4, failAfter)])
export const countIndex = (message: Buffer): number => intOf(message, 1)

/** What the server saw as metadata, of one name, in its order. */
export function metaValues(reply: Buffer, name: string): readonly string[] {
  const pairs = (protoFields(reply) ?? []).filter(({ number }) => number === 1).map(({ bytes }) => bytes)
  return pairs.filter((pair) => bytesOf(pair, 1).toString().toLowerCase() === name).map((pair) => bytesOf(pair, 2).toString('latin1'))
}

export const stateOf = (message: Buffer): { readonly cancelled: number; readonly counted: number } => ({ cancelled: intOf(message, 1), counted: intOf(message, 2) })

const bytesOf = (message: Buffer, wanted: number): Buffer => protoFields(message)?.findLast(({ number }) => number === wanted)?.bytes ?? Buffer.alloc(0)
const intOf = (message: Buffer, wanted: number): number => Number(BigInt.asIntN(64, protoFields(message)?.findLast(({ number }) => number === wanted)?.int ?? 0n))
