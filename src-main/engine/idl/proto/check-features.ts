// Where features may stand and what they may say (protoc's FeatureResolver and DescriptorBuilder::ValidateFieldFeatures).

import type { AnyEntity, FieldProto, FileProto, MessageValue } from './model.ts'
import { enumsOf, extensionsOf, messagesOf } from './model.ts'
import { memberOf } from './option-value.ts'
import type { OptionNode, Range } from './ast.ts'
import type { Report } from './report.ts'

type Target = 'file' | 'extension_range' | 'message' | 'field' | 'oneof' | 'enum' | 'enum_entry' | 'service' | 'method'
const targets: Readonly<Record<AnyEntity['kind'], Target>> = { field: 'field', oneof: 'oneof', message: 'message', enum: 'enum', value: 'enum_entry', service: 'service', method: 'method' }

/** Features of a file and everything in it. */
export function checkFeatures(file: FileProto, report: Report): void {
  checkOptions(file.options, file.raw, file, 'file', report)
  const check = (one: AnyEntity): void => checkOptions(one.options, one.raw, file, targets[one.kind], report)
  for (const message of messagesOf(file)) {
    check(message)
    message.oneofs.forEach(check)
    message.fields.forEach((field) => checkField(field, check, report))
  }
  for (const field of extensionsOf(file)) checkField(field, check, report)
  for (const one of enumsOf(file)) [one, ...one.values].forEach(check)
  for (const service of file.services) [service, ...service.methods].forEach(check)
}

function checkField(field: FieldProto, check: (one: AnyEntity) => void, report: Report): void {
  check(field)
  const set = featuresOf(field.options)
  const reason = set === undefined ? undefined : misuse(field, set)
  if (reason !== undefined) report(rangeOf(field.raw, field.node?.name), 'feature-misused', { name: field.name, feature: reason })
}

/** The feature that does not fit this field. */
function misuse(field: FieldProto, set: MessageValue): string | undefined {
  const presence = memberOf(set, 'field_presence')
  if (presence !== undefined && (field.label === 'repeated' || field.oneof !== undefined)) return `field_presence = ${String(presence)}`
  if (presence === 'IMPLICIT' && (field.ref?.kind === 'message' || field.isExtension)) return 'field_presence = IMPLICIT'
  if (presence === 'LEGACY_REQUIRED' && field.isExtension) return 'field_presence = LEGACY_REQUIRED'
  const isText = field.type === 'string' || (field.ref?.kind === 'message' && field.ref.mapEntry && field.ref.fields.some(({ type }) => type === 'string'))
  if (memberOf(set, 'utf8_validation') !== undefined && !isText) return 'utf8_validation'
  const encoding = memberOf(set, 'repeated_field_encoding')
  if (encoding !== undefined && field.label !== 'repeated') return 'repeated_field_encoding'
  if (encoding === 'PACKED' && (field.type === 'string' || field.type === 'bytes' || field.ref?.kind === 'message')) return 'repeated_field_encoding = PACKED'
  if (memberOf(set, 'message_encoding') !== undefined && (field.ref?.kind !== 'message' || field.ref.mapEntry)) return 'message_encoding'
  return undefined
}

function featuresOf(options: MessageValue | undefined): MessageValue | undefined {
  const set = memberOf(options, 'features')
  return typeof set === 'object' && !Buffer.isBuffer(set) ? set : undefined
}

function checkOptions(options: MessageValue | undefined, raw: FileProto['raw'], file: FileProto, target: Target, report: Report): void {
  const set = featuresOf(options)
  const range = rangeOf(raw, undefined)
  if (set !== undefined && file.syntax !== 'editions') return report(range, 'features-without-edition', { syntax: file.syntax })
  if (set === undefined) return
  if (target !== 'field' && memberOf(set, 'field_presence') === 'LEGACY_REQUIRED') return report(range, 'feature-misused', { name: target, feature: 'field_presence = LEGACY_REQUIRED' })
  for (const { field } of set.fields.values()) {
    const allowed = field.options?.fields.get(targetsField)?.values.map(String) ?? []
    if (allowed.length > 0 && !allowed.includes(`TARGET_TYPE_${target.toUpperCase()}`)) report(range, 'feature-target', { feature: field.name, target })
  }
}

/** google.protobuf.FieldOptions.targets. */
const targetsField = 19

function rangeOf(raw: FileProto['raw'], fallback: Range | undefined): Range | undefined {
  if (raw instanceof Uint8Array) return undefined
  return raw.find(({ parts }: OptionNode) => parts[0]?.text === 'features' && !parts[0].extension) ?? fallback
}
