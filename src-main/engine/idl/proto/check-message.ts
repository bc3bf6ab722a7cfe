// Numbers and JSON names within a message: each once, none that is reserved or set aside for extensions.

import type { Text } from '../../../../shared/base/error.ts'
import type { SourceFile } from '../source-file.ts'
import { endOfFields, endOfMessageSets } from './build.ts'
import { jsonNameOf, type FieldProto, type MessageProto } from './model.ts'
import { memberOf } from './option-value.ts'
import { Ranges } from './ranges.ts'
import type { Report } from './report.ts'

/** Rules of one message, its fields as far as they concern each other. */
export function checkMessage(message: MessageProto, source: SourceFile, report: Report): void {
  checkNumbers(message, source, report)
  checkRanges(message, report)
  checkJsonNames(message, source, report)
  const used = new Set(message.fields.map(({ oneof }) => oneof))
  for (const oneof of message.oneofs) {
    if (!used.has(oneof)) report(oneof.node?.name, 'empty-oneof', { name: oneof.name })
  }
}

function checkNumbers(message: MessageProto, source: SourceFile, report: Report): void {
  const byNumber = new Map<number, FieldProto>()
  const names = new Set(message.reservedNames)
  const reserved = new Ranges(message.reserved)
  const extensions = new Ranges(message.extensionRanges)
  let hint: Text | undefined
  for (const field of message.fields) {
    const { node, number, name } = field
    if (node === undefined) continue
    if (names.has(name)) report(node.name, 'reserved-name', { name, owner: message.name })
    if (node.number === undefined) continue
    const other = byNumber.get(number)
    if (other?.node !== undefined || reserved.has(number) || extensions.has(number)) hint ??= { key: 'idl.hint.freeNumber', params: { id: freeNumber(message) } }
    if (other?.node === undefined) byNumber.set(number, field)
    else report(node.number, 'duplicate-field-number', { number, name, other: other.name, owner: message.name, line: source.place(other.node.start).line }, hint)
    if (reserved.has(number)) report(node.number, 'reserved-number', { name, number, owner: message.name }, hint)
    if (extensions.has(number)) report(node.number, 'number-for-extensions', { name, number, owner: message.name }, hint)
  }
}

function freeNumber(message: MessageProto): number {
  const taken = [...message.fields.map(({ number }) => ({ from: number, to: number + 1 })), ...message.reserved, ...message.extensionRanges, { from: 19_000, to: 20_000 }]
  return new Ranges(taken).firstFree(1)
}

interface Block {
  readonly from: number
  readonly to: number
  readonly word: string
}

function checkRanges(message: MessageProto, report: Report): void {
  const { node } = message
  if (node === undefined || message.reserved.length + message.extensionRanges.length === 0) return
  const nodes = [...node.reserved.flatMap(({ ranges }) => ranges), ...node.extensions.flatMap(({ ranges }) => ranges)]
  const blocks: Block[] = [...message.reserved.map((one) => ({ ...one, word: 'reserved' })), ...message.extensionRanges.map((one) => ({ ...one, word: 'extensions' }))]
  const isMessageSet = memberOf(message.options, 'message_set_wire_format') === true
  const limit = isMessageSet ? endOfMessageSets : endOfFields
  const sorted = blocks.map((block, index) => ({ block, range: nodes[index] })).sort((a, b) => a.block.from - b.block.from)
  let before: Block | undefined
  for (const { block, range } of sorted) {
    const { from, to, word } = block
    if (from < 1 || to > limit) report(range, 'field-number-range', { name: word, number: from < 1 ? from : to - 1 })
    else if (to <= from) report(range, 'range-order', { from, to: to - 1 })
    else if (before !== undefined && from < before.to) report(range, 'range-overlap', { from, to: to - 1, other: `${before.word} ${before.from} to ${before.to - 1}` })
    if (before === undefined || to > before.to) before = block
  }
}

// proto3 and editions that allow JSON refuse two fields of one JSON name; proto2 only warns, unless both names were chosen.
function checkJsonNames(message: MessageProto, source: SourceFile, report: Report): void {
  const known = new Map<string, FieldProto>()
  const strict = message.features?.json === 'allow' && memberOf(message.options, 'deprecated_legacy_json_field_conflicts') !== true
  for (const field of message.fields) {
    const other = known.get(field.jsonName)
    if (other === undefined) known.set(field.jsonName, field)
    else if (other.name !== field.name && other.node !== undefined) {
      const written = field.jsonName !== jsonNameOf(field.name) && other.jsonName !== jsonNameOf(other.name)
      report(field.node?.name, strict || written ? 'json-name-conflict' : 'json-name-clash', { name: field.name, other: other.name, json: field.jsonName, line: source.place(other.node.start).line })
    }
  }
}
