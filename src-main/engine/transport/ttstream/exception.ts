// The exception that a Trailer or Rst frame carries: a whole Thrift EXCEPTION message, written and read by hand, since the transport knows no
// codec and Kitex writes it in Thrift Binary whatever the stream's messages are (ttstream/frame.go EncodeException).

import type { ByteNode } from '../../../../shared/model/layout.ts'

export interface StreamException {
  readonly typeId: number
  readonly message: string
}

/** What Kitex takes an Rst frame without a readable payload for. */
export const plainReset: StreamException = { typeId: 13, message: 'rst' }

const version = 0x8001_0003

/** The message bytes of an exception. */
export function encodeException(method: string, seqId: number, { typeId, message }: StreamException): Buffer {
  const name = Buffer.byteLength(method)
  const text = Buffer.byteLength(message)
  const out = Buffer.allocUnsafe(12 + name + 7 + text + 8)
  out.writeUInt32BE(version, 0)
  out.writeUInt32BE(name, 4)
  out.write(method, 8)
  out.writeInt32BE(seqId, 8 + name)
  let at = 12 + name
  out.writeUIntBE(0x0b0001, at, 3)
  out.writeUInt32BE(text, at + 3)
  at += 7 + out.write(message, at + 7)
  out.writeUIntBE(0x080002, at, 3)
  out.writeInt32BE(typeId, at + 3)
  out[at + 7] = 0
  return out
}

/** Reads an exception message; undefined where it is none. Fields other than the two are passed over only where they are of these types. */
export const decodeException = (bytes: Buffer): StreamException | undefined => walk(bytes, 0)

/** The same as ranges; `offset` is where the payload begins in what is explained. */
export function explainException(bytes: Buffer, offset: number): readonly ByteNode[] {
  const children: ByteNode[] = []
  const node: Told = (start, end, name, kind, type, value, id) => {
    const said = type === undefined || value === undefined ? {} : { type, value: value.slice(0, 200) }
    children.push({ start: offset + start, end: offset + end, name, kind, ...said, ...(id === undefined ? {} : { id }) })
  }
  const read = walk(bytes, 0, node)
  if (read === undefined) return [{ start: offset, end: offset + bytes.length, name: 'not understood', kind: 'unknown', value: bytes.toString('hex', 0, 16) }]
  return [{ start: offset, end: offset + bytes.length, name: 'exception', kind: 'message', children }]
}

type Told = (start: number, end: number, name: string, kind: ByteNode['kind'], type?: string, value?: string, id?: number) => void

function walk(bytes: Buffer, start: number, told?: Told): StreamException | undefined {
  if (bytes.length < start + 12 || bytes.readUInt32BE(start) !== version) return undefined
  const name = bytes.readUInt32BE(start + 4)
  if (name > bytes.length - start - 12) return undefined
  told?.(start, start + 4, 'version and type', 'message', 'u32', '0x80010003 exception')
  told?.(start + 4, start + 8 + name, 'method', 'message', 'string', bytes.toString('utf8', start + 8, start + 8 + name))
  told?.(start + 8 + name, start + 12 + name, 'sequence id', 'message', 'i32', String(bytes.readInt32BE(start + 8 + name)))
  return fields(bytes, start + 12 + name, told)
}

function fields(bytes: Buffer, from: number, told?: Told): StreamException | undefined {
  let message = ''
  let typeId = 0
  for (let at = from; at < bytes.length;) {
    const type = bytes[at]
    if (type === 0) {
      told?.(at, at + 1, 'stop', 'stop')
      return { typeId, message }
    }
    if (bytes.length < at + 7) return undefined
    const id = bytes.readInt16BE(at + 1)
    if (type === 8) {
      if (id === 2) typeId = bytes.readInt32BE(at + 3)
      told?.(at, at + 7, id === 2 ? 'type' : String(id), 'field', 'i32', String(bytes.readInt32BE(at + 3)), id)
      at += 7
      continue
    }
    const length = bytes.readUInt32BE(at + 3)
    if (type !== 11 || length > bytes.length - at - 7) return undefined
    const text = bytes.toString('utf8', at + 7, at + 7 + length)
    if (id === 1) message = text
    told?.(at, at + 7 + length, id === 1 ? 'message' : String(id), 'field', 'string', text, id)
    at += 7 + length
  }
  return undefined
}
