// Options as annotations, so that what reads annotations of Thrift reads those of Protobuf too.

import type { Annotations } from '../../../../shared/model/idl.ts'
import type { MessageValue } from './model.ts'
import { annotationText } from './option-value.ts'

export const noAnnotations: Annotations = Object.freeze({})

/** By name: `deprecated`, `(full.name)` of custom ones; those of package `api` also by their bare name, as Thrift has them. */
export function annotationsOf(options: MessageValue | undefined): Annotations {
  if (options === undefined || options.fields.size === 0) return noAnnotations
  const annotations: Record<string, readonly string[]> = {}
  const members = [...options.fields.values()].sort((a, b) => a.field.number - b.field.number)
  for (const { field, values } of members) {
    const texts = values.map((value) => annotationText(value, field))
    annotations[field.isExtension ? `(${field.fullName})` : field.name] = texts
    if (field.isExtension && field.fullName.startsWith('api.')) annotations[field.fullName] = texts
  }
  return annotations
}
