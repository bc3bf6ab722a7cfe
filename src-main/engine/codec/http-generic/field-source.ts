// Where in a request or reply each field travels, from its `api.*` annotations. Of several the first counts in the order in which servers look
// (Hertz: path, form, query, cookie, header, body); a field without any is a member of the body, or of the query where there is no body.

import type { FieldDescriptor } from '../../../../shared/model/idl.ts'
import { annotation, type Route } from './route.ts'

export type SourceKind = 'path' | 'query' | 'header' | 'cookie' | 'form' | 'file' | 'body' | 'raw-body' | 'none' | 'http-code'

export interface FieldSource {
  readonly field: FieldDescriptor
  readonly kind: SourceKind
  /** Name there: of the parameter, header, cookie or member. */
  readonly name: string
  /** `api.js_conv`: 64-bit integers travel as strings. */
  readonly jsConv: boolean
}

const byAnnotation: readonly (readonly [name: string, kind: SourceKind])[] = [
  ['api.none', 'none'], ['api.path', 'path'], ['api.file', 'file'], ['api.file_name', 'file'], ['api.form', 'form'], ['api.query', 'query'], ['api.cookie', 'cookie'], ['api.header', 'header'],
  ['api.raw_body', 'raw-body'], ['api.body', 'body'], ['api.http_code', 'http-code'],
]

/** Verbs whose requests have no body of their own. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

/** Of a request's fields. */
export function requestSource(field: FieldDescriptor, { verb, params }: Route): FieldSource {
  const said = annotated(field)
  if (said !== undefined) return said
  const isParam = params.some(({ name }) => name === field.name)
  return { field, kind: isParam ? 'path' : bodiless.has(verb) ? 'query' : 'body', name: bodyName(field), jsConv: hasJsConv(field) }
}

/** Of a reply's fields: only headers, the status and `api.none` differ from members of the body. */
export function replySource(field: FieldDescriptor): FieldSource {
  const said = annotated(field)
  if (said !== undefined && (said.kind === 'header' || said.kind === 'http-code' || said.kind === 'none' || said.kind === 'raw-body')) return said
  return { field, kind: 'body', name: bodyName(field), jsConv: hasJsConv(field) }
}

function annotated(field: FieldDescriptor): FieldSource | undefined {
  for (const [name, kind] of byAnnotation) {
    const value = annotation(field.annotations, name)
    if (value !== undefined) return { field, kind, name: value === '' || kind === 'none' || kind === 'raw-body' || kind === 'http-code' ? field.name : value, jsConv: hasJsConv(field) }
  }
  return undefined
}

const hasJsConv = ({ annotations }: FieldDescriptor): boolean => annotation(annotations, 'api.js_conv') !== undefined

/** Name of a member in a JSON body: `api.body`, else the alias of `go.tag`, else the field's own. */
export function bodyName({ name, annotations }: FieldDescriptor): string {
  const said = annotation(annotations, 'api.body')
  if (said !== undefined && said !== '') return said
  const tag = annotation(annotations, 'go.tag')
  const alias = tag === undefined ? undefined : /(?:^|\s)json:\\?"([^",\\]+)/.exec(tag)?.[1]
  return alias === undefined || alias === '-' ? name : alias
}

/** Names by which a value may be given: the field's own, that of the body, and ProtoJSON's. */
export const namesOf = (field: FieldDescriptor): readonly string[] => [...new Set([field.name, bodyName(field), ...(field.proto === undefined ? [] : [field.proto.jsonName])])]
