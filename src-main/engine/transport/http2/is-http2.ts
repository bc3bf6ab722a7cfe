// Whether bytes begin like one direction of an HTTP/2 connection: by itself, so that whoever asks loads no more than this. A dump may begin with the
// preface, with the server's SETTINGS, or in the middle, with the frames of a single stream.

import { frameHeadBytes, frameType, preface } from './constants.ts'

/** Flags that a frame of each type may have (RFC 9113 section 6). */
const flagsOf: readonly number[] = [0x09, 0x2d, 0, 0, 0x01, 0x0c, 0x01, 0, 0, 0x04]
/** Types of the connection itself; WINDOW_UPDATE may be either's. */
const ofConnection: ReadonlySet<number> = new Set([frameType.settings, frameType.ping, frameType.goaway])
/** Lengths that leave no choice (RFC 9113 6.3, 6.4, 6.7, 6.9). */
const lengthOf: Readonly<Record<number, number>> = { [frameType.priority]: 5, [frameType.rstStream]: 4, [frameType.ping]: 8, [frameType.windowUpdate]: 4 }

/** The first frame must be one that can begin a dump, and the second, where there is one, one that can follow. */
export function isHttp2(bytes: Buffer): boolean {
  if (bytes.length >= frameHeadBytes && preface.subarray(0, bytes.length).equals(bytes.subarray(0, preface.length))) return true
  if (!isFrame(bytes, 0)) return false
  const next = frameHeadBytes + bytes.readUIntBE(0, 3)
  // A header block or settings say enough; anything else must stand before another frame.
  const isTelling = bytes[3] === frameType.headers || bytes[3] === frameType.settings
  return bytes.length - next >= frameHeadBytes ? isFrame(bytes, next) : isTelling && next <= bytes.length
}

/** Where the first frame stands. */
export const firstFrame = (bytes: Buffer): number => (bytes[0] === preface[0] ? Math.min(preface.length, bytes.length) : 0)

function isFrame(bytes: Buffer, at: number): boolean {
  if (bytes.length - at < frameHeadBytes) return false
  const type = bytes[at + 3] ?? 0
  const flags = bytes[at + 4] ?? 0
  const stream = bytes.readUInt32BE(at + 5)
  const length = bytes.readUIntBE(at, 3)
  const allowed = flagsOf[type]
  if (allowed === undefined || (flags & ~allowed) !== 0 || stream > 0x7fffffff) return false
  if ((lengthOf[type] ?? length) !== length || (type === frameType.settings && length % 6 !== 0)) return false
  return ofConnection.has(type) ? stream === 0 : type === frameType.windowUpdate || stream !== 0
}
