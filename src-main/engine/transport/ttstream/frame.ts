// Frames of TTHeader Streaming, byte by byte (kitex.md 1.11; Kitex pkg/remote/trans/ttstream/frame.go): a TTHeader with the streaming flag, whose
// sequence id is the stream's and whose integer keys name the frame's type and the method. No length is trusted before it is checked.

import { fail, type KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { HeaderInfo } from '../transport.ts'
import { decodeTtHeader } from '../ttheader/decode.ts'
import { encodeTtHeader, ttHeaderFixedBytes } from '../ttheader/encode.ts'
import { infoId, intKey, ttHeaderFlag } from '../ttheader/keys.ts'

/** Values of integer key 27. */
export const frameTypes = { meta: '1', header: '2', data: '3', trailer: '4', rst: '5' } as const
export type FrameType = keyof typeof frameTypes

/** By the value as a digit. */
const typesByDigit: readonly (FrameType | undefined)[] = [undefined, 'meta', 'header', 'data', 'trailer', 'rst']

/** Protocol id of a frame whose payload is a bare Thrift struct. */
const thriftStruct = 0x10

/** One frame as it came. */
export interface StreamFrame {
  readonly type: FrameType
  readonly streamId: number
  /** The whole frame. */
  readonly raw: Buffer
  /** Where the payload begins in `raw`. */
  readonly payloadOffset: number
}

export const payloadOf = ({ raw, payloadOffset }: StreamFrame): Buffer => raw.subarray(payloadOffset)

/** A frame ready to send. `strings` are dropped by peers in Data frames. */
export function encodeFrame(type: FrameType, streamId: number, method: string, strings: readonly Pair[], payload: Buffer | undefined, more: HeaderInfo = none): Buffer {
  const header: HeaderInfo = { ...more, strings, ints: [[intKey.frameType, frameTypes[type]], [intKey.toMethod, method], ...more.ints] }
  const bytes = payload?.length ?? 0
  const frame = encodeTtHeader(header, streamId, ttHeaderFlag.streaming, bytes, bytes, thriftStruct)
  if (payload !== undefined) frame.set(payload, frame.length - bytes)
  return frame
}

const none: HeaderInfo = { strings: [], ints: [] }

/** The head of every Data frame of a stream: only the length differs from message to message. */
export const dataHead = (streamId: number, method: string): Buffer => encodeFrame('data', streamId, method, [], undefined)

/** A Data frame around a message. */
export function encodeData(head: Buffer, message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(head.length + message.length)
  frame.set(head)
  frame.set(message, head.length)
  frame.writeUInt32BE(frame.length - 4, 0)
  return frame
}

/** Reads what a whole frame says of itself; pairs are left to {@link frameHeader}, since most frames are Data and have none. Throws KiteError. */
export function readFrame(raw: Buffer): StreamFrame {
  const payloadOffset = ttHeaderFixedBytes + raw.readUInt16BE(12) * 4
  const type = quickType(raw, payloadOffset) ?? carefulType(raw)
  return { type, streamId: raw.readInt32BE(8), raw, payloadOffset }
}

/** The pairs of a frame, without the two integer keys that every frame has. */
export function frameHeader({ raw }: StreamFrame): HeaderInfo {
  const { info } = decodeTtHeader(raw)
  return { ...info, ints: info.ints.filter(([key]) => key !== intKey.frameType && key !== intKey.toMethod) }
}

/**
 * The type of a frame that begins with integer info, as Data frames do, without reading the rest: two keys in either order. Undefined where it looks
 * otherwise, and then the careful way says what is wrong.
 */
function quickType(raw: Buffer, end: number): FrameType | undefined {
  const start = ttHeaderFixedBytes + 2
  if (end > raw.length || start + 3 > end || raw[start] !== infoId.ints || raw[start - 1] !== 0 || raw[start - 2] !== thriftStruct) return undefined
  let at = start + 3
  for (let left = raw.readUInt16BE(start + 1); left > 0; left--) {
    if (at + 4 > end) return undefined
    const length = raw.readUInt16BE(at + 2)
    if (at + 4 + length > end) return undefined
    if (raw.readUInt16BE(at) === intKey.frameType && length === 1) return typesByDigit[(raw[at + 4] ?? 0) - 0x30]
    at += 4 + length
  }
  return undefined
}

function carefulType(raw: Buffer): FrameType {
  const { info } = decodeTtHeader(raw)
  const value = info.ints.findLast(([key]) => key === intKey.frameType)?.[1]
  const type = value?.length === 1 ? typesByDigit[value.charCodeAt(0) - 0x30] : undefined
  if (type === undefined) throw illegal('ttstream.unknownFrameType', 14, { value: value ?? '' })
  return type
}

/** A frame that breaks the whole connection, as Kitex's 12004 does. */
export const illegal = (key: string, offset: number, params: Readonly<Record<string, string | number>> = {}): KiteError => (
  fail('remote_or_network', 'frame', key, { offset, ...params }, { at: { offset } }))
