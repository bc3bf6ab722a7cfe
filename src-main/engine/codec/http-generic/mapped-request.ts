// From the value of a request to an HTTP message, by the annotations of its fields (kitex.md 4.4).

import { writeHttpHead } from '../../../../shared/logic/http-message.ts'
import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { stringifyExact, quoteJson } from '../../../../shared/logic/json/write.ts'
import type { FieldDescriptor, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { BodyFault } from '../common/fault.ts'
import type { BodyKind } from './body.ts'
import { requestSource, type FieldSource } from './field-source.ts'
import { noBody, type HttpBody } from './files.ts'
import { encodePairs, encodeQuery } from './form.ts'
import { multipartBody, partsOf, type Part } from './multipart.ts'
import { fillPath, type Route } from './route.ts'
import { bytesOf, checkComplete, membersByField, wireJson, type Mapping } from './wire-json.ts'
import { oneLine, wireTexts } from './wire-text.ts'

/** What a request is made from. */
export interface RequestPlan {
  readonly route: Route
  /** The argument struct. */
  readonly owner: StructDescriptor
  readonly body: BodyKind
  /** Makes the body of its members where it is no JSON: Protobuf. */
  readonly encode: ((json: string) => Buffer) | undefined
}

interface Given { readonly source: FieldSource; readonly node: JsonNode }

/** A whole HTTP message. Throws BodyFault. */
export function mappedRequest({ route, owner, body, encode }: RequestPlan, node: JsonObject, text: string, mapping: Mapping): Buffer {
  const values = membersByField(owner, node.members)
  checkComplete(owner, values, node)
  const sources = owner.fields.map((field) => requestSource(field, route))
  const given = sources.flatMap((source): Given[] => {
    const value = values.get(source.field)
    return value === undefined ? [] : [{ source, node: value }]
  })
  const of = (kind: FieldSource['kind']): Given[] => given.filter(({ source }) => source.kind === kind)
  for (const { node: value, source } of [...of('none'), ...of('http-code')]) mapping.warn(new BodyFault(value, 'http.map.neverSent', { name: source.field.name }))
  const pairs = (some: readonly Given[]): Pair[] => some.flatMap(({ source, node: value }) => wireTexts(source.field.type, value, mapping).map((one): Pair => [source.name, one]))
  const path = pathOf(route, sources, values, node, mapping)
  const query = encodeQuery(pairs(of('query')))
  const cookies = of('cookie').map(({ source, node: value }) => `${source.name}=${oneLine(wireTexts(source.field.type, value, mapping).join(','), value, 'cookie')}`)
  const { contentType, bytes } = bodyOf({ kind: body, encode }, sources, given, text, mapping)
  const headers = of('header').flatMap(({ source, node: value }) => wireTexts(source.field.type, value, mapping).map((one): Pair => [source.name, oneLine(one, value, 'header')]))
  if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')])
  if (contentType !== undefined && !headers.some(([name]) => name.toLowerCase() === 'content-type')) headers.push(['Content-Type', contentType])
  return Buffer.concat([writeHttpHead(`${route.verb} ${path}${query === '' ? '' : `?${query}`}`, headers), bytes])
}

function pathOf(route: Route, sources: readonly FieldSource[], values: ReadonlyMap<FieldDescriptor, JsonNode>, node: JsonObject, mapping: Mapping): string {
  return fillPath(route, ({ name, isRest }) => {
    const source = sources.find((one) => one.kind === 'path' && one.name === name)
    if (source === undefined) throw new BodyFault(node, 'http.map.noPathField', { name, path: route.template })
    const value = values.get(source.field) ?? defaultNode(source.field)
    const text = value === undefined ? '' : wireTexts(source.field.type, value, mapping).join(',')
    if (text === '' && !isRest) throw new BodyFault(value ?? node, 'http.map.pathMissing', { name: source.field.name, path: route.template }, value === undefined ? { field: source.field.name } : {})
    return text
  })
}

/** The IDL's default as it would have been typed. */
function defaultNode({ defaultValue }: FieldDescriptor): JsonNode | undefined {
  return defaultValue === undefined ? undefined : readJson(stringifyExact(defaultValue)).root
}

function bodyOf({ kind, encode }: { readonly kind: BodyKind; readonly encode: RequestPlan['encode'] }, sources: readonly FieldSource[], given: readonly Given[], text: string, mapping: Mapping): HttpBody {
  const raw = given.find(({ source }) => source.kind === 'raw-body')
  const members = given.filter(({ source }) => source.kind === 'body' || source.kind === 'form' || source.kind === 'file')
  if (raw !== undefined) {
    const [other] = members
    if (other !== undefined) throw new BodyFault(other.node, 'http.map.rawBodyAlone', { name: raw.source.field.name, other: other.source.field.name })
    return rawBody(raw, mapping)
  }
  if (!sources.some((source) => source.kind === 'body' || source.kind === 'form' || source.kind === 'file')) return noBody
  if (encode !== undefined) return { contentType: 'application/x-protobuf', bytes: encode(`{${members.map(({ source, node }) => `${quoteJson(source.field.name)}:${text.slice(node.start, node.end)}`).join(',')}}`) }
  switch (formatOf(kind, members)) {
    case 'multipart':
      return multipartBody(members.flatMap((one) => partsOfField(one, text, mapping)))
    case 'form':
      return { contentType: 'application/x-www-form-urlencoded', bytes: Buffer.from(encodePairs(members.flatMap(({ source, node }) => wireTexts(source.field.type, node, mapping).map((value): Pair => [source.name, value])))) }
    case 'json':
      return { contentType: 'application/json', bytes: Buffer.from(`{${members.map(({ source, node }) => `${quoteJson(source.name)}:${wireJson(source.field.type, node, mapping, source.jsConv)}`).join(',')}}`) }
  }
}

/** Unless the user chose: a file needs parts, a form field a form, all else is JSON. */
function formatOf(kind: BodyKind, members: readonly Given[]): 'json' | 'form' | 'multipart' {
  if (kind === 'json' || kind === 'form' || kind === 'multipart') return kind
  if (members.some(({ source }) => source.kind === 'file')) return 'multipart'
  return members.some(({ source }) => source.kind === 'form') ? 'form' : 'json'
}

function rawBody({ source: { field }, node }: Given, mapping: Mapping): HttpBody {
  if (field.type.kind === 'binary') return { contentType: 'application/octet-stream', bytes: bytesOf(field.type, node, mapping.tools) }
  return { contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(wireTexts(field.type, node, mapping).join(',')) }
}

function partsOfField({ source, node }: Given, text: string, mapping: Mapping): readonly Part[] {
  if (source.kind === 'file') return node.kind === 'string' ? [filePart(source, node, mapping)] : partsOf(source.name, node, text, mapping.tools)
  return wireTexts(source.field.type, node, mapping).map((value) => ({ name: source.name, bytes: Buffer.from(value) }))
}

/** A file whose bytes stand in the body itself. */
const filePart = ({ name, field: { type } }: FieldSource, node: JsonNode & { readonly kind: 'string' }, { tools }: Mapping): Part => (
  { name, filename: name, type: 'application/octet-stream', bytes: type.kind === 'binary' ? bytesOf(type, node, tools) : Buffer.from(node.value) })
