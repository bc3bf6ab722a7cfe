// Features of editions: each definition has those of what it stands in, changed by its own `features` options. proto2 and proto3 are fixed
// sets (google.protobuf.FeatureSetDefaults as protoc 33 and @bufbuild/protobuf 2.17 have them).

import type { AnyEntity, EnumProto, FieldProto, Features, FileProto, MessageProto, MessageValue } from './model.ts'
import { memberOf } from './option-value.ts'

const proto2: Features = { presence: 'explicit', enumType: 'closed', repeated: 'expanded', utf8: 'none', encoding: 'length', json: 'legacy', naming: 'legacy', visibility: 'all' }
const proto3: Features = { presence: 'implicit', enumType: 'open', repeated: 'packed', utf8: 'verify', encoding: 'length', json: 'allow', naming: 'legacy', visibility: 'all' }
const edition2023: Features = { ...proto3, presence: 'explicit' }
const edition2024: Features = { ...edition2023, naming: 'strict', visibility: 'top' }

function baseOf({ syntax, edition }: FileProto): Features {
  if (syntax === 'editions') return edition === '2023' ? edition2023 : edition2024
  return syntax === 'proto2' ? proto2 : proto3
}

const words: Readonly<Record<string, Readonly<Record<string, Partial<Features>>>>> = {
  field_presence: { EXPLICIT: { presence: 'explicit' }, IMPLICIT: { presence: 'implicit' }, LEGACY_REQUIRED: { presence: 'required' } },
  enum_type: { OPEN: { enumType: 'open' }, CLOSED: { enumType: 'closed' } },
  repeated_field_encoding: { PACKED: { repeated: 'packed' }, EXPANDED: { repeated: 'expanded' } },
  utf8_validation: { VERIFY: { utf8: 'verify' }, NONE: { utf8: 'none' } },
  message_encoding: { LENGTH_PREFIXED: { encoding: 'length' }, DELIMITED: { encoding: 'delimited' } },
  enforce_naming_style: { STYLE2024: { naming: 'strict' }, STYLE_LEGACY: { naming: 'legacy' } },
  default_symbol_visibility: { EXPORT_ALL: { visibility: 'all' }, EXPORT_TOP_LEVEL: { visibility: 'top' }, LOCAL_ALL: { visibility: 'none' }, STRICT: { visibility: 'none' } },
  json_format: { ALLOW: { json: 'allow' }, LEGACY_BEST_EFFORT: { json: 'legacy' } },
}

/** Sets the features of a file and of everything in it. */
export function resolveFeatures(file: FileProto): void {
  const features = (file.features = overlay(baseOf(file), file.options))
  for (const message of file.messages) resolveMessage(message, features)
  for (const one of file.enums) resolveEnum(one, features)
  for (const one of file.extensions) inherit(one, features)
  for (const service of file.services) {
    const above = inherit(service, features)
    for (const method of service.methods) inherit(method, above)
  }
}

function resolveMessage(message: MessageProto, above: Features): void {
  const features = inherit(message, above)
  for (const one of message.oneofs) inherit(one, features)
  for (const one of message.fields) inherit(one, one.oneof?.features ?? features)
  for (const one of message.extensions) inherit(one, features)
  for (const one of message.enums) resolveEnum(one, features)
  for (const one of message.messages) resolveMessage(one, features)
  for (const one of message.fields) if (one.ref?.kind === 'message' && one.ref.mapEntry && one.features !== undefined) resolveMessage(one.ref, one.features)
}

function resolveEnum(one: EnumProto, above: Features): void {
  const features = inherit(one, above)
  for (const value of one.values) inherit(value, features)
}

function inherit(entity: AnyEntity, above: Features): Features {
  return (entity.features = overlay(above, entity.options))
}

function overlay(base: Features, options: MessageValue | undefined): Features {
  const set = memberOf(options, 'features')
  if (typeof set !== 'object' || Buffer.isBuffer(set)) return base
  let features = base
  for (const { field, values } of set.fields.values()) features = { ...features, ...words[field.name]?.[String(values[0])] }
  return features
}

/** Whether a field tells that it is not set. */
export function presenceOf(field: FieldProto): 'explicit' | 'implicit' | 'required' | 'none' {
  if (field.label === 'repeated') return 'none'
  if (field.label === 'required' || field.features?.presence === 'required') return 'required'
  if (field.isExtension || field.oneof !== undefined || field.proto3Optional || field.ref?.kind === 'message') return 'explicit'
  return field.features?.presence ?? 'explicit'
}

/** Whether a repeated field is written packed. */
export function isPacked(field: FieldProto): boolean {
  const { type } = field
  if (field.label !== 'repeated' || type === undefined || type === 'string' || type === 'bytes' || type === 'message' || type === 'group') return false
  const option = memberOf(field.options, 'packed')
  return typeof option === 'boolean' ? option : field.features?.repeated === 'packed'
}

/** Whether a message field is written between group tags; entries of maps and what stands in them never are. */
export function isDelimited(field: FieldProto): boolean {
  if (field.type === 'group') return true
  if (field.ref?.kind !== 'message' || field.ref.mapEntry || (field.parent.kind === 'message' && field.parent.mapEntry)) return false
  return field.features?.encoding === 'delimited'
}
