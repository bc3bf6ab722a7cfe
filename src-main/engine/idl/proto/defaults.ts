// Defaults and JSON names of fields: written like options, and none.

import type { TextParams } from '../../../../shared/base/error.ts'
import type { ConstValue } from '../../../../shared/model/idl.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { DiagnosticCode } from '../diagnostics.ts'
import type { OptionNode, Range } from './ast.ts'
import { literalText } from './literals.ts'
import type { FieldProto } from './model.ts'
import { constOf, convertScalar, integerBounds } from './option-value.ts'

export type Report = (range: Range, code: DiagnosticCode, params: TextParams, suggestion?: { key: string; params?: TextParams }) => void

/** Sets default and JSON name of a field whose type is resolved. */
export function defaultsOf(field: FieldProto, report: Report): void {
  if (field.defaultText !== undefined) field.defaultValue = defaultOfText(field, field.defaultText)
  const seen = new Set<string>()
  for (const option of field.node?.options ?? []) {
    const [only, ...others] = option.parts
    if (only === undefined || others.length > 0 || only.extension || (only.text !== 'default' && only.text !== 'json_name')) continue
    if (seen.has(only.text)) report(only, 'duplicate-option', { name: only.text })
    seen.add(only.text)
    if (only.text === 'default') setDefault(field, option, report)
    else setJsonName(field, option, report)
  }
}

function setJsonName(field: FieldProto, { value, parts }: OptionNode, report: Report): void {
  const name = value.kind === 'string' ? literalText(value.literals) : undefined
  const range = parts[0] ?? value
  if (name === undefined) return report(value, 'option-type', { name: 'json_name', expected: 'string', found: field.file.source?.text.slice(value.start, value.end) ?? '' })
  if (field.isExtension) return report(range, 'json-name-extension', { name: field.name })
  if (name.startsWith('[') && name.endsWith(']')) return report(value, 'json-name-form', { name })
  field.jsonName = name
}

function setDefault(field: FieldProto, { value, parts }: OptionNode, report: Report): void {
  const range = parts[0] ?? value
  const reason = noDefault(field)
  if (reason !== undefined) return report(range, 'default-not-allowed', { name: field.name, reason })
  if (field.type === undefined) return
  const found = field.file.source?.text.slice(value.start, Math.min(value.end, value.start + 40)) ?? ''
  const converted = convertScalar(value, field, { inText: false })
  if ('value' in converted) {
    field.defaultValue = constOf(converted.value)
    return
  }
  if (converted.wrong === 'range') {
    const [low, high] = integerBounds[field.type] ?? [0n, 0n]
    return report(value, 'const-range', { value: found, type: field.type, low: String(low), high: String(high) })
  }
  if (converted.wrong === 'enum' && field.ref?.kind === 'enum') {
    const near = nearest(found, field.ref.values.map(({ name }) => name))
    return report(value, 'unknown-enum-value', { name: found, type: field.ref.fullName }, near === undefined ? undefined : { key: 'idl.hint.didYouMean', params: { name: near } })
  }
  report(value, 'const-type', { expected: field.ref?.fullName ?? field.type, found })
}

/** Why a field has no default: a word that is not translated, since it is of the language itself. */
function noDefault(field: FieldProto): string | undefined {
  if (field.file.syntax === 'proto3') return 'proto3'
  if (field.ref?.kind === 'message') return field.ref.mapEntry ? 'map' : 'message'
  return field.label === 'repeated' ? 'repeated' : undefined
}

// The text form of FieldDescriptorProto.default_value: bytes C-escaped, strings as they are. What is no number is no default: sets may be damaged.
function defaultOfText({ type, ref }: FieldProto, text: string): ConstValue | undefined {
  if (type === 'string') return text
  if (type === 'bytes') {
    const value = convertScalar({ kind: 'string', literals: [`"${text}"`], start: 0, end: 0 }, { type, ref }, { inText: true })
    return 'value' in value ? constOf(value.value) : ''
  }
  if (type === 'enum') return text
  if (type === 'bool') return text === 'true'
  if (type === 'float' || type === 'double') {
    const word = text.replace(/^-/, '')
    const number = word === 'inf' || word === 'nan' ? (word === 'inf' ? Number.POSITIVE_INFINITY : Number.NaN) * (text.startsWith('-') ? -1 : 1) : Number(text)
    return constOf(type === 'float' ? Math.fround(number) : number)
  }
  return /^-?\d{1,20}$/.test(text) ? constOf(BigInt(text)) : undefined
}
