// One field alone: its number, its label, what its type allows, and what extensions may be.

import { endOfFields, endOfMessageSets } from './build.ts'
import { presenceOf } from './features.ts'
import { isScalar, type FieldProto, type MessageProto, type MessageValue } from './model.ts'
import { readInteger, smallNumber } from './literals.ts'
import { memberOf } from './option-value.ts'
import type { Report } from './report.ts'

const notKeys: ReadonlySet<string> = new Set(['double', 'float', 'bytes'])
const notPackable: ReadonlySet<string> = new Set(['string', 'bytes', 'message', 'group'])

/** Rules of one field. */
export function checkField(field: FieldProto, report: Report): void {
  if (field.node === undefined) return
  checkNumber(field, report)
  checkLabel(field, report)
  checkType(field, report)
  if (field.isExtension) checkExtension(field, report)
}

function checkNumber(field: FieldProto, report: Report): void {
  const written = field.node?.number
  if (written === undefined) return
  const number = smallNumber(written.text) ?? Number(readInteger(written.text) ?? 0)
  const isMessageSet = memberOf(field.extendee?.options, 'message_set_wire_format') === true
  if (number < 1 || number >= (isMessageSet ? endOfMessageSets : endOfFields)) report(written, 'field-number-range', { name: field.name, number: written.text.slice(0, 40) })
  else if (number >= 19_000 && number < 20_000) report(written, 'number-for-protobuf', { name: field.name, number: field.number })
}

function checkLabel(field: FieldProto, report: Report): void {
  const { node, file } = field
  if (node === undefined) return
  const { label, mapKey } = node
  const range = { start: node.start, end: label === undefined ? node.type.end : node.labelEnd }
  if (mapKey !== undefined) {
    if (label !== undefined) report(range, 'label-not-allowed', { label, where: 'map' })
    if (field.oneof !== undefined || field.isExtension) report(node.name, 'map-not-allowed', { name: field.name, where: field.isExtension ? 'extend' : 'oneof' })
    return
  }
  if (field.oneof !== undefined) {
    if (label !== undefined) report(range, 'label-not-allowed', { label, where: 'oneof' })
    return
  }
  if (label === undefined) {
    if (file.syntax === 'proto2') report(range, 'missing-label', { name: field.name }, { key: 'idl.hint.label' })
  } else if (label === 'required' && file.syntax === 'proto3') report(range, 'label-not-allowed', { label, where: 'proto3' })
  else if (label !== 'repeated' && file.syntax === 'editions') {
    report(range, 'label-not-allowed', { label, where: `edition ${file.edition}` }, { key: label === 'required' ? 'idl.hint.legacyRequired' : 'idl.hint.noLabel' })
  }
}

function checkType(field: FieldProto, report: Report): void {
  const { node, file, type, ref } = field
  if (node === undefined) return
  if (node.group !== undefined) {
    if (file.syntax !== 'proto2') report(node.type, 'group-not-allowed', { where: file.syntax === 'proto3' ? 'proto3' : `edition ${file.edition}` }, file.syntax === 'proto3' ? undefined : { key: 'idl.hint.delimited' })
    if (!/^[A-Z]/.test(node.name.text)) report(node.name, 'group-name', { name: node.name.text })
  }
  if (node.mapKey !== undefined && (!isScalar(node.mapKey.text) || notKeys.has(node.mapKey.text))) report(node.mapKey, 'map-key-type', { type: node.mapKey.text })
  const mapValue = ref?.kind === 'message' && ref.mapEntry ? ref.fields[1]?.ref : undefined
  if (mapValue?.kind === 'enum' && mapValue.values.length > 0 && mapValue.values[0]?.number !== 0) report(node.type, 'enum-first-zero', { name: mapValue.name, value: mapValue.values[0]?.name ?? '' })
  const used = mapValue ?? ref
  if (used?.kind === 'enum' && used.features?.enumType === 'closed' && (file.syntax === 'proto3' || presenceOf(field) === 'implicit')) report(node.type, 'closed-enum', { name: used.fullName })
  const packed = memberOf(field.options, 'packed')
  if (packed === true && (field.label !== 'repeated' || (type !== undefined && notPackable.has(type)))) report(node.name, 'packed-not-allowed', { name: field.name })
  if (packed !== undefined && file.syntax === 'editions') report(node.name, 'option-not-in-edition', { name: 'packed' }, { key: 'idl.hint.useInstead', params: { right: 'features.repeated_field_encoding' } })
  if (field.defaultValue !== undefined && file.syntax === 'editions' && presenceOf(field) === 'implicit') report(node.name, 'default-not-allowed', { name: field.name, reason: 'features.field_presence = IMPLICIT' })
  const lazy = memberOf(field.options, 'lazy') === true || memberOf(field.options, 'unverified_lazy') === true
  if (lazy && type !== 'message') report(node.name, 'lazy-not-allowed', { name: field.name })
  const jsType = memberOf(field.options, 'jstype')
  if (jsType !== undefined && jsType !== 'JS_NORMAL' && type !== undefined && !type.endsWith('64')) report(node.name, 'jstype-not-allowed', { name: field.name })
}

function checkExtension(field: FieldProto, report: Report): void {
  const { node, extendee, file } = field
  if (node === undefined) return
  if (field.label === 'required') report(node.name, 'required-extension', { name: field.name })
  if (extendee === undefined) return
  if (file.syntax === 'proto3' && !(extendee.file.package === 'google.protobuf' && extendee.name.endsWith('Options'))) report(node.name, 'extend-in-proto3', { name: extendee.fullName })
  if (node.number !== undefined && !extendee.extensionRanges.some(({ from, to }) => field.number >= from && field.number < to)) {
    const ranges = extendee.extensionRanges.map(({ from, to }) => `${from} to ${to >= endOfFields ? 'max' : to - 1}`)
    report(node.number, 'not-for-extensions', { name: field.name, number: field.number, owner: extendee.fullName, ranges })
  }
  checkDeclared(field, extendee, report)
  if (memberOf(extendee.options, 'message_set_wire_format') === true && (field.label !== 'optional' || field.type !== 'message')) report(node.name, 'message-set-extension', { name: field.name })
}

// A range with declarations takes only what they name; one that is verified must have one for each number.
function checkDeclared(field: FieldProto, extendee: MessageProto, report: Report): void {
  const range = extendee.extensionRanges.find(({ from, to }) => field.number >= from && field.number < to)
  const all = range?.options === undefined ? [] : [...range.options.fields.values()].flatMap(({ field: one, values }) => (one.name === 'declaration' && !one.isExtension ? values : []))
  const declarations = all.filter((one): one is MessageValue => typeof one === 'object' && !Buffer.isBuffer(one))
  const verified = range?.options !== undefined && memberOf(range.options, 'verification') === 'DECLARATION'
  if (declarations.length === 0 && !verified) return
  const found = declarations.find((one) => memberOf(one, 'number') === field.number)
  const at = field.node?.name
  const params = { name: field.fullName, number: field.number, owner: extendee.fullName }
  if (found === undefined) return report(at, 'undeclared-extension', params)
  if (memberOf(found, 'reserved') === true) return report(at, 'undeclared-extension', params)
  const name = memberOf(found, 'full_name')
  const type = memberOf(found, 'type')
  const ownType = field.ref === undefined ? field.type : `.${field.ref.fullName}`
  const declared = `${memberOf(found, 'repeated') === true ? 'repeated ' : ''}${String(type ?? ownType)} ${String(name ?? '')}`
  const own = `${field.label === 'repeated' ? 'repeated ' : ''}${ownType ?? ''} .${field.fullName}`
  if (declared !== own) report(at, 'declared-otherwise', { ...params, declared, own })
}
