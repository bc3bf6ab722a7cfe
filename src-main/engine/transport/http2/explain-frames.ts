// Says what the kept frames of a stream mean: head, flags, header fields, body. Only the bounds of header fields are read again from the bytes;
// what they say was decoded when they came, since HPACK's table has moved on.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { errorName, flag, frameHeadBytes, frameName, frameType, settingName } from './constants.ts'
import { fieldSpans } from './field-spans.ts'
import { payloadStart } from './payload.ts'

/** Part of the body, `[start, end)`. */
export interface BodyPart {
  readonly start: number
  readonly end: number
}

/** Explains frames that stand in a row from `first` on; `fields` are the header lists in order, and the parts of the body are added to `body`. */
export function explainFrames(bytes: Buffer, fields: readonly (readonly Pair[])[], body: BodyPart[], first = 0): readonly ByteNode[] {
  const nodes: ByteNode[] = []
  let list = 0
  let done = 0
  for (let at = first; at + frameHeadBytes <= bytes.length;) {
    const type = bytes[at + 3] ?? 0
    const flags = bytes[at + 4] ?? 0
    const length = bytes.readUIntBE(at, 3)
    const start = at + frameHeadBytes
    const end = Math.min(bytes.length, start + length)
    const children = [headNode(bytes, at)]
    if (type === frameType.data) children.push(...dataParts(bytes, flags, start, end, body))
    else if (type === frameType.headers || type === frameType.continuation) {
      const from = payloadStart(type, flags, start)
      const to = end - padding(bytes, flags, start)
      const shown = fieldNodes(bytes, from, to, (fields[list] ?? []).slice(done))
      children.push(...shown.nodes)
      done += shown.count
      if ((flags & flag.endHeaders) !== 0) {
        list++
        done = 0
      }
    } else children.push(...otherParts(bytes, type, start, end))
    nodes.push({ start: at, end, name: frameName(type), kind: 'frame', children })
    at = start + length
  }
  return nodes
}

function headNode(bytes: Buffer, at: number): ByteNode {
  const type = bytes[at + 3] ?? 0
  const value = (name: string, from: number, to: number, kind: string, text: string): ByteNode => ({ start: at + from, end: at + to, name, kind: 'value', type: kind, value: text })
  return {
    start: at, end: at + frameHeadBytes, name: 'frame head', kind: 'header',
    children: [
      value('length', 0, 3, 'u24', String(bytes.readUIntBE(at, 3))),
      value('type', 3, 4, 'u8', frameName(type)),
      value('flags', 4, 5, 'u8', flagNames(type, bytes[at + 4] ?? 0)),
      value('stream', 5, 9, 'u31', String(bytes.readUInt32BE(at + 5) & 0x7fffffff)),
    ],
  }
}

const flagsByType: Readonly<Record<number, readonly (readonly [bit: number, name: string])[]>> = {
  [frameType.data]: [[flag.endStream, 'END_STREAM'], [flag.padded, 'PADDED']],
  [frameType.headers]: [[flag.endStream, 'END_STREAM'], [flag.endHeaders, 'END_HEADERS'], [flag.padded, 'PADDED'], [flag.priority, 'PRIORITY']],
  [frameType.continuation]: [[flag.endHeaders, 'END_HEADERS']],
  [frameType.settings]: [[flag.ack, 'ACK']],
  [frameType.ping]: [[flag.ack, 'ACK']],
}

function flagNames(type: number, flags: number): string {
  const names = (flagsByType[type] ?? []).filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
  return names.length === 0 ? `0x${flags.toString(16).padStart(2, '0')}` : names.join(' ')
}

const padding = (bytes: Buffer, flags: number, start: number): number => ((flags & flag.padded) === 0 ? 0 : (bytes[start] ?? 0))

function dataParts(bytes: Buffer, flags: number, start: number, end: number, body: BodyPart[]): readonly ByteNode[] {
  const from = Math.min(end, payloadStart(frameType.data, flags, start))
  const to = Math.max(from, end - padding(bytes, flags, start))
  if (to > from) body.push({ start: from, end: to })
  return to < end ? [{ start: to, end, name: 'padding', kind: 'padding' }] : []
}

function fieldNodes(bytes: Buffer, from: number, to: number, fields: readonly Pair[]): { readonly nodes: readonly ByteNode[]; readonly count: number } {
  let count = 0
  const nodes = fieldSpans(bytes, from, to).map((span): ByteNode => {
    if (span.kind === 'table size') return { start: span.start, end: span.end, name: span.kind, kind: 'info', type: 'HPACK' }
    const field = fields[count++]
    return { start: span.start, end: span.end, name: field?.[0] ?? '', kind: 'info', type: `HPACK ${span.kind}`, value: (field?.[1] ?? '').slice(0, 200) }
  })
  return { nodes, count }
}

function otherParts(bytes: Buffer, type: number, start: number, end: number): readonly ByteNode[] {
  const number = (name: string, at: number, form: string, text: (value: number) => string): ByteNode => ({ start: at, end: at + 4, name, kind: 'value', type: form, value: text(bytes.readUInt32BE(at)) })
  const left = end - start
  switch (type) {
    case frameType.rstStream:
      return left === 4 ? [number('error code', start, 'u32', errorName)] : []
    case frameType.windowUpdate:
      return left === 4 ? [number('window increment', start, 'u31', (value) => String(value & 0x7fffffff))] : []
    case frameType.settings:
      return Array.from({ length: Math.floor(left / 6) }, (_, n) => settingNode(bytes, start + n * 6))
    case frameType.ping:
      return left === 8 ? [{ start, end, name: 'opaque data', kind: 'value', type: 'bytes', value: bytes.toString('hex', start, end) }] : []
    case frameType.goaway:
      if (left < 8) return []
      return [
        number('last stream', start, 'u31', (value) => String(value & 0x7fffffff)), number('error code', start + 4, 'u32', errorName),
        ...(left === 8 ? [] : [{ start: start + 8, end, name: 'debug data', kind: 'value', type: 'string', value: bytes.toString('utf8', start + 8, Math.min(end, start + 208)) } as const]),
      ]
    default:
      return []
  }
}

const settingNode = (bytes: Buffer, at: number): ByteNode => (
  { start: at, end: at + 6, name: settingName(bytes.readUInt16BE(at)), kind: 'value', type: 'u32', value: String(bytes.readUInt32BE(at + 2)) })
