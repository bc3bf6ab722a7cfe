// From an HTTP reply to the value of a method's result: members of the JSON body by field, `api.header` and `api.http_code` from the head.

import type { ErrorData } from '../../../../shared/base/error.ts'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { pathAt } from '../../../../shared/logic/json/path.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { IdlSet, IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { ValueFormat } from '../codec.ts'
import { replySource, type FieldSource } from './field-source.ts'
import { bodyJson, headerValues, type HttpReplyMessage } from './reply-json.ts'
import { memberText, showJson, takeMembers, type Doubt, type Showing } from './show-json.ts'

export interface ReplyPlan {
  readonly idl: IdlSet
  readonly returns: IdlType
}

/** JSON text of the result, with what is doubtful about it. Whatever does not fit is shown as it came. */
export function mappedReply({ idl, returns }: ReplyPlan, reply: HttpReplyMessage, format: ValueFormat): { readonly json: string; readonly warnings: readonly ErrorData[] } {
  const body = bodyJson(reply)
  const root = body.root ?? readJson(body.json).root
  const doubts: Doubt[] = []
  const showing: Showing = { idl, format, doubt: (doubt) => doubts.push(doubt) }
  const owner = returns.kind === 'struct' ? idl.structs[returns.id] : undefined
  if (root === undefined || returns.kind === 'void' || (reply.status >= 400 && !isDescribed(owner, root))) return { json: body.json, warnings: body.warnings }
  const json = owner === undefined ? showJson(returns, root, showing) : structReply(owner, reply, body.isJson, root, showing)
  return { json, warnings: [...body.warnings, ...doubts.map((doubt) => warningOf(doubt, root))] }
}

/** The body of a refusal is mostly of another shape than the result. */
function isDescribed(owner: StructDescriptor | undefined, root: JsonNode): boolean {
  if (owner === undefined || root.kind !== 'object') return false
  if (owner.fields.some((field) => replySource(field).kind === 'http-code')) return true
  return root.members.length > 0 && root.members.every(({ key }) => owner.fields.some((field) => field.name === key))
}

function structReply(owner: StructDescriptor, reply: HttpReplyMessage, isJson: boolean, root: JsonNode, showing: Showing): string {
  const sources = owner.fields.map(replySource)
  const rawField = sources.find(({ kind }) => kind === 'raw-body')
  const isObject = isJson && root.kind === 'object'
  if (!isObject && rawField === undefined && root.kind !== 'null') return showJson({ kind: 'struct', id: owner.id, written: owner.name }, root, showing)
  const members = isObject ? takeMembers(owner, root, showing) : undefined
  const parts = sources.flatMap((source) => {
    // Servers that write the whole struct as JSON (Hertz) repeat in the body what the head says: the head is what travelled as annotated.
    const node = headNode(source, reply, isObject ? undefined : root) ?? (source.kind === 'none' ? undefined : members?.byField.get(source.field))
    return memberText(source.field, node, showing)
  })
  return `{${[...parts, ...members?.rest ?? []].join(',')}}`
}

/** The value of a field that is not in the body, as the JSON that its type wants. */
function headNode({ kind, name, field }: FieldSource, { status, headers }: HttpReplyMessage, raw: JsonNode | undefined): JsonNode | undefined {
  if (kind === 'http-code') return nodeOf(String(status), field.type)
  if (kind === 'raw-body') return raw
  const values = kind === 'header' ? headerValues(headers, name) : []
  // Repeated headers mean the same as one with commas (RFC 9110 5.3).
  const value = field.type.kind === 'list' || field.type.kind === 'set' ? values.join(',') : values.at(-1) ?? ''
  return value === '' ? undefined : nodeOf(value, field.type)
}

/** Text of a header by type: a list is split at commas, structs and maps are JSON. */
function nodeOf(text: string, type: IdlType): JsonNode | undefined {
  if (type.kind === 'list' || type.kind === 'set') return { kind: 'array', start: 0, end: 0, items: text.split(',').flatMap((item) => nodeOf(item.trim(), type.element) ?? []) }
  if (type.kind === 'string' || type.kind === 'uuid') return readJson(quoteJson(text)).root
  if (type.kind === 'binary') return readJson(quoteJson(Buffer.from(text).toString('base64'))).root
  return readJson(text).root ?? readJson(quoteJson(text)).root
}

const warningOf = ({ key, node, params }: Doubt, root: JsonNode): ErrorData => {
  const path = pathAt(root, node.start)
  return { code: 'protocol', layer: 'codec', text: { key, params }, ...(path === '' ? {} : { at: { path } }) }
}
