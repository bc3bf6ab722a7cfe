// The other side of the mapping: what a server makes of a request, and the reply that it sends. Mocks use it.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { writeHttpHead, type HttpMessageHead } from '../../../../shared/logic/http-message.ts'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { IdlSet, IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { ValueFormat } from '../codec.ts'
import { convert, readBody } from '../common/read-body.ts'
import { replySource, requestSource, type FieldSource } from './field-source.ts'
import type { BodyTools } from './files.ts'
import { bodyJson, headerValue, headerValues } from './reply-json.ts'
import { matchPath, type Route } from './route.ts'
import { memberText, takeMembers, type Doubt, type Showing } from './show-json.ts'
import { checkComplete, membersByField, wireJson, type Mapping } from './wire-json.ts'
import { oneLine, wireTexts } from './wire-text.ts'

export interface ServedPlan {
  readonly idl: IdlSet
  readonly route: Route
  readonly owner: StructDescriptor
}

/** The value that a request means. */
export function servedRequest({ idl, route, owner }: ServedPlan, { start, headers }: HttpMessageHead, body: Buffer, format: ValueFormat): { readonly json: string; readonly warnings: readonly ErrorData[] } {
  const { path, query } = targetOf(start)
  const doubts: Doubt[] = []
  const showing: Showing = { idl, format, doubt: (doubt) => doubts.push(doubt) }
  const sources = owner.fields.map((field) => requestSource(field, route))
  const texts: Texts = {
    path: matchPath(route, path) ?? {}, query, cookies: cookiesOf(headerValue(headers, 'cookie') ?? ''),
    form: new URLSearchParams(isForm(headers) ? body.toString() : ''), headers,
  }
  const isJsonBody = !isForm(headers) && sources.some(({ kind }) => kind === 'body')
  const { root } = isJsonBody ? readJson(bodyJson({ headers, body }).json) : { root: undefined }
  const members = root?.kind === 'object' ? takeMembers({ name: owner.name, fields: sources.filter(({ kind }) => kind === 'body').map(({ field }) => field) }, root, showing) : undefined
  const parts = sources.flatMap((source) => {
    if (source.kind === 'body' && isJsonBody) return memberText(source.field, members?.byField.get(source.field), showing)
    if (source.kind === 'raw-body') return memberText(source.field, textNode(body.toString(), source.field.type), showing)
    return memberText(source.field, valueOf(source, texts), showing)
  })
  const warnings = doubts.map(({ key, params }): ErrorData => ({ code: 'protocol', layer: 'codec', text: { key, params } }))
  return { json: `{${[...parts, ...members?.rest ?? []].join(',')}}`, warnings }
}

/**
 * The target of a request line (RFC 9112 3.2), as it was sent: a URL would take two slashes for a host, and `.` and `..` for places where they are values of
 * a path's parameters.
 */
function targetOf(start: string): { readonly path: string; readonly query: URLSearchParams } {
  const [, target = '/'] = start.split(' ')
  const [, origin = ''] = /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)/i.exec(target) ?? []
  if (origin !== '' && !URL.canParse(origin)) throw fail('protocol', 'codec', 'http.badTarget', { target: target.slice(0, 80) }, { at: { offset: start.indexOf(' ') + 1 } })
  const [resource = ''] = target.slice(origin.length).split('#')
  const [path = '', ...query] = resource.split('?')
  return { path: path.startsWith('/') ? path : `/${path}`, query: new URLSearchParams(query.join('?')) }
}

interface Texts {
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly cookies: ReadonlyMap<string, string>
  readonly headers: readonly Pair[]
}

const isForm = (headers: readonly Pair[]): boolean => /^application\/x-www-form-urlencoded/i.test(headerValue(headers, 'content-type') ?? '')

/** An empty text is absent, as in Kitex (kitex.md 4.4). */
function valueOf({ kind, name, field }: FieldSource, texts: Texts): JsonNode | undefined {
  const many = (params: URLSearchParams): readonly string[] => params.getAll(name).flatMap((text) => (field.type.kind === 'list' || field.type.kind === 'set' ? text.split(',') : [text]))
  const one = (text: string | undefined): readonly string[] => (text === undefined ? [] : field.type.kind === 'list' || field.type.kind === 'set' ? text.split(',') : [text])
  const values = kind === 'query' ? many(texts.query)
    : kind === 'form' || kind === 'body' ? many(texts.form)
      : kind === 'path' ? one(texts.path[name])
        : kind === 'cookie' ? one(texts.cookies.get(name))
          : kind === 'header' ? headerValues(texts.headers, name).flatMap(one) : []
  const given = values.filter((text) => text !== '')
  if (given.length === 0) return undefined
  const { type } = field
  if (type.kind === 'list' || type.kind === 'set') return { kind: 'array', start: 0, end: 0, items: given.flatMap((text) => textNode(text, type.element) ?? []) }
  return textNode(given[0] ?? '', type)
}

/** Text as the JSON that a type wants. */
function textNode(text: string, type: IdlType): JsonNode | undefined {
  if (type.kind === 'string' || type.kind === 'uuid') return readJson(quoteJson(text)).root
  if (type.kind === 'binary') return readJson(quoteJson(Buffer.from(text).toString('base64'))).root
  return readJson(text).root ?? readJson(quoteJson(text)).root
}

const cookiesOf = (text: string): ReadonlyMap<string, string> => new Map(text.split(/;\s*/).filter((one) => one.includes('=')).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]))

/** The reply message for a result. Throws KiteError where the result does not fit its type. */
export function servedReply(idl: IdlSet, returns: IdlType, json: string, tools: BodyTools): Buffer {
  const owner = returns.kind === 'struct' ? idl.structs[returns.id] : undefined
  const root = readBody(json.trim() === '' ? 'null' : json, { onWarning: tools.onWarning })
  return convert(json, root, { onWarning: tools.onWarning }, ({ warn }) => {
    const mapping: Mapping = { idl, tools, warn }
    if (owner === undefined || root.kind !== 'object') return jsonReply('200 OK', [], returns.kind === 'void' ? 'null' : wireJson(returns, root, mapping))
    const given = membersByField(owner, root.members)
    checkComplete(owner, given, root)
    const headers: Pair[] = []
    const members: string[] = []
    let status = '200'
    for (const [field, node] of given) {
      const source = replySource(field)
      if (source.kind === 'http-code') status = wireTexts(field.type, node, mapping)[0] ?? status
      else if (source.kind === 'header') headers.push(...wireTexts(field.type, node, mapping).map((one): Pair => [source.name, oneLine(one, node, 'header')]))
      else if (source.kind !== 'none') members.push(`${quoteJson(source.name)}:${wireJson(field.type, node, mapping, source.jsConv)}`)
    }
    return jsonReply(`${status} `, headers, `{${members.join(',')}}`)
  })
}

const jsonReply = (status: string, headers: readonly Pair[], json: string): Buffer => Buffer.concat([writeHttpHead(status, [['Content-Type', 'application/json'], ...headers]), Buffer.from(json)])
