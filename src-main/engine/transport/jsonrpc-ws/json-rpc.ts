// JSON-RPC 2.0 (jsonrpc.org/specification): ids count up, parameters are an array or an object. A single value is put into an array, since
// nothing else may stand there.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import { evidenceOf } from '../foreign.ts'
import type { Dialect, Incoming } from './dialect.ts'

export class JsonRpc implements Dialect {
  readonly awaitsCallbacks = false
  #id = 0

  call(method: string, params: string): { readonly text: string; readonly id: number } {
    const id = ++this.#id
    return { id, text: `{"jsonrpc":"2.0","id":${id},"method":${quoteJson(method)}${member(params)}}` }
  }

  notify(method: string, params: string): string {
    return `{"jsonrpc":"2.0","method":${quoteJson(method)}${member(params)}}`
  }

  /** A message that says itself what it is goes as it is. */
  compose(method: string, json: string): { readonly text: string; readonly id: number | undefined } {
    const { root } = readJson(json)
    if (root?.kind !== 'object' || memberOf(root, 'jsonrpc') === undefined) return this.call(method, json)
    const id = memberOf(root, 'id')
    const number = id?.kind === 'number' && memberOf(root, 'method') !== undefined ? Number(id.raw) : undefined
    if (number !== undefined && number > this.#id) this.#id = number
    return { text: json, id: number }
  }

  read(text: string): readonly Incoming[] {
    const { root } = readJson(text)
    if (root?.kind === 'array') return root.items.map((item) => this.#one(item, text))
    if (root === undefined) throw fail('remote_or_network', 'codec', 'ws.notJson', { start: evidenceOf(Buffer.from(text)) })
    return [this.#one(root, text)]
  }

  abandon(): void {
    // A late answer finds nobody.
  }

  #one(node: JsonNode, text: string): Incoming {
    const shown = text.slice(node.start, node.end)
    if (node.kind !== 'object') return { kind: 'said', name: ':notification', shown }
    const method = memberOf(node, 'method')
    const id = memberOf(node, 'id')
    if (method !== undefined) return { kind: 'said', name: id === undefined ? ':notification' : ':call', shown }
    const error = memberOf(node, 'error')
    const number = id?.kind === 'number' ? Number(id.raw) : id?.kind === 'string' && /^\d{1,15}$/.test(id.value) ? Number(id.value) : undefined
    const result = memberOf(node, 'result')
    // An error without an id is about a message that the server could not read: it can only be shown.
    if (number === undefined) return { kind: 'said', name: ':notification', shown }
    const fault = error === undefined || error.kind === 'null' ? undefined : errorOf(error, text)
    return { kind: 'answer', id: number, result: result === undefined ? undefined : text.slice(result.start, result.end), fault, shown }
  }
}

/** `,"params":…`, or nothing for no parameters. */
function member(params: string): string {
  const trimmed = params.trim()
  if (trimmed === '' || trimmed === 'null') return ''
  return `,"params":${/^[[{]/.test(trimmed) ? trimmed : `[${trimmed}]`}`
}

/** The last member of that name. */
export const memberOf = ({ members }: JsonObject, key: string): JsonNode | undefined => members.findLast((one) => one.key === key)?.value

function errorOf(node: JsonNode, text: string): ErrorData {
  const error = node.kind === 'object' ? node : undefined
  const code = error === undefined ? undefined : memberOf(error, 'code')
  const said = error === undefined ? undefined : memberOf(error, 'message')
  const data = error === undefined ? undefined : memberOf(error, 'data')
  const number = code?.kind === 'number' ? Number(code.raw) : 0
  const message = said?.kind === 'string' ? said.value : text.slice(node.start, node.end)
  const hint = number === -32601 ? { hint: { key: 'ws.methodNotFoundHint' } } : {}
  return fail('remote_or_network', 'remote', 'ws.rpcError', { code: number, message }, {
    exception: { type: `JSON-RPC ${number}`, typeId: number, ...(data === undefined ? {} : { json: text.slice(data.start, data.end) }) }, ...hint,
  }).data
}
