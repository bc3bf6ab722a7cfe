// kite's JSON-RPC (github.com/koding/kite, not CloudWeGo's Kitex; kitex.md 10): dnode messages, whose functions travel as "[Function]" beside a table
// of numbers and paths. `"[Function]"` in a body is a callback of ours; when the server calls it, that is shown with the path where it stood.

import { randomUUID } from 'node:crypto'
import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { joinPath, memberStep } from '../../../../shared/logic/json/path.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import { evidenceOf } from '../foreign.ts'
import type { Dialect, Incoming } from './dialect.ts'
import { memberOf } from './json-rpc.ts'

/** What every call carries of its caller; nothing of this machine or its user. */
const identity = (id: string): string => JSON.stringify({ name: 'kite-console', username: 'anonymous', id, environment: 'console', region: 'console', version: '1.0.0', hostname: 'console' })

export interface KiteAuthentication {
  readonly type: string
  readonly key: string
}

type Step = string | number

/** A callback of ours that the server may call. */
interface Callback {
  readonly path: string
  /** The call whose answer comes by it. */
  readonly isAnswer: boolean
}

export class KiteDialect implements Dialect {
  readonly #identity = identity(randomUUID())
  readonly #authentication: string
  #isSockJs: boolean | undefined
  readonly #callbacks = new Map<number, Callback>()
  #nextId = 0

  /** `isSockJs` undefined: the first thing that comes tells. */
  constructor(authentication: KiteAuthentication | undefined, isSockJs: boolean | undefined) {
    this.#authentication = authentication === undefined ? 'null' : JSON.stringify({ type: authentication.type, key: authentication.key })
    this.#isSockJs = isSockJs
  }

  get awaitsCallbacks(): boolean {
    return [...this.#callbacks.values()].some(({ isAnswer }) => !isAnswer)
  }

  call(method: string, params: string): { readonly text: string; readonly id: number } {
    const args = params.trim() === '' || params.trim() === 'null' ? '[]' : params.trim()
    const { root } = readJson(args)
    const id = this.#nextId++
    const callbacks: [number, readonly Step[]][] = [[id, [0, 'responseCallback']]]
    this.#callbacks.set(id, { path: 'responseCallback', isAnswer: true })
    const isList = root?.kind === 'array'
    if (root !== undefined) for (const path of functionsIn(root, isList ? [] : [0])) callbacks.push([this.#register(path), [0, 'withArgs', ...path]])
    const withArgs = isList ? args : `[${args}]`
    const argument = `{"kite":${this.#identity},"authentication":${this.#authentication},"withArgs":${withArgs},"responseCallback":"[Function]"}`
    return { id, text: this.#framed(`{"method":${quoteJson(method)},"arguments":[${argument}],"callbacks":${tableOf(callbacks)},"links":[]}`) }
  }

  /** kite has no call without an answer, so the answer is ignored. */
  notify(method: string, params: string): string {
    const { text, id } = this.call(method, params)
    this.abandon(id)
    return text
  }

  /** A dnode message of the user's own has `method` and `arguments`. */
  compose(method: string, json: string): { readonly text: string; readonly id: number | undefined } {
    const { root } = readJson(json)
    if (root?.kind === 'object' && memberOf(root, 'method') !== undefined && memberOf(root, 'arguments')?.kind === 'array') return { text: this.#framed(json), id: undefined }
    return this.call(method, json)
  }

  read(text: string): readonly Incoming[] {
    this.#isSockJs ??= text === 'o'
    if (!this.#isSockJs) return [this.#dnode(text)]
    switch (text.charAt(0)) {
      case 'o':
      case 'h':
        return [{ kind: 'nothing' }]
      case 'a':
      case 'm':
        return this.#packed(text).map((message) => this.#dnode(message))
      case 'c':
        return [goodbye(text.slice(1))]
      default:
        throw fail('remote_or_network', 'frame', 'ws.notSockJs', { start: evidenceOf(Buffer.from(text)) })
    }
  }

  /** Nothing came: no SockJS. */
  settle(): void {
    this.#isSockJs ??= false
  }

  abandon(id: number): void {
    this.#callbacks.delete(id)
  }

  #register(path: readonly Step[]): number {
    const id = this.#nextId++
    this.#callbacks.set(id, { path: joinPath('.withArgs', ...path.map((step) => (typeof step === 'number' ? `[${step}]` : memberStep(step)))), isAnswer: false })
    return id
  }

  /** SockJS takes a list of texts. */
  #framed(message: string): string {
    return this.#isSockJs === true ? `[${quoteJson(message)}]` : message
  }

  #packed(text: string): readonly string[] {
    const { root } = readJson(text.slice(1))
    const items = root?.kind === 'array' ? root.items : root === undefined ? [] : [root]
    const messages = items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
    if (root === undefined || messages.length !== items.length) throw fail('remote_or_network', 'frame', 'ws.notSockJs', { start: evidenceOf(Buffer.from(text)) })
    return messages
  }

  #dnode(text: string): Incoming {
    const { root } = readJson(text)
    if (root?.kind !== 'object') throw fail('remote_or_network', 'codec', 'ws.notJson', { start: evidenceOf(Buffer.from(text)) })
    const method = memberOf(root, 'method')
    const id = method?.kind === 'number' ? Number(method.raw) : method?.kind === 'string' && /^\d+$/.test(method.value) ? Number(method.value) : undefined
    if (id === undefined) return this.#served(root, text)
    const callback = this.#callbacks.get(id)
    const args = memberOf(root, 'arguments')
    const shown = `{"callback":${quoteJson(callback?.path ?? String(id))},"arguments":${args === undefined ? '[]' : text.slice(args.start, args.end)}}`
    if (callback?.isAnswer !== true) return { kind: 'said', name: ':callback', shown }
    this.#callbacks.delete(id)
    return { kind: 'answer', id, shown, ...answerOf(args?.kind === 'array' ? args.items[0] : undefined, text) }
  }

  /** The server calls us: a ping is answered, all else is shown. */
  #served(root: JsonObject, text: string): Incoming {
    const method = memberOf(root, 'method')
    const name = method?.kind === 'string' ? method.value : ''
    const callback = responseCallbackOf(root)
    const reply = name === 'kite.ping' && callback !== undefined ? { reply: this.#framed(`{"method":${callback},"arguments":[{"error":null,"result":"pong"}],"callbacks":{},"links":[]}`) } : {}
    return { kind: 'said', name: ':call', shown: text, ...reply }
  }
}

/** Paths of "[Function]" in a value. */
function functionsIn(node: JsonNode, path: readonly Step[]): readonly (readonly Step[])[] {
  switch (node.kind) {
    case 'string':
      return node.value === '[Function]' ? [path] : []
    case 'array':
      return node.items.flatMap((item, index) => functionsIn(item, [...path, index]))
    case 'object':
      return node.members.flatMap(({ key, value }) => functionsIn(value, [...path, key]))
    default:
      return []
  }
}

const tableOf = (callbacks: readonly (readonly [number, readonly Step[]])[]): string => `{${callbacks.map(([id, path]) => `"${id}":${JSON.stringify(path)}`).join(',')}}`

/** The number of the callback at `[0, "responseCallback"]`, or of the only one. */
function responseCallbackOf(root: JsonObject): string | undefined {
  const callbacks = memberOf(root, 'callbacks')
  if (callbacks?.kind !== 'object') return undefined
  const found = callbacks.members.find(({ value }) => value.kind === 'array' && value.items.some((item) => item.kind === 'string' && item.value === 'responseCallback')) ?? callbacks.members[0]
  return found !== undefined && /^\d+$/.test(found.key) ? found.key : undefined
}

/** `{"error": …, "result": …}`, the only argument of an answer. */
function answerOf(node: JsonNode | undefined, text: string): { readonly result: string | undefined; readonly fault: ErrorData | undefined } {
  if (node?.kind !== 'object') return { result: node === undefined ? undefined : text.slice(node.start, node.end), fault: undefined }
  const result = memberOf(node, 'result')
  const error = memberOf(node, 'error')
  return { result: result === undefined ? undefined : text.slice(result.start, result.end), fault: error === undefined || error.kind === 'null' ? undefined : faultOf(error, text) }
}

function faultOf(node: JsonNode, text: string): ErrorData {
  const json = text.slice(node.start, node.end)
  const textOf = (key: string): string | undefined => {
    const value = node.kind === 'object' ? memberOf(node, key) : undefined
    return value?.kind === 'string' && value.value !== '' ? value.value : undefined
  }
  const type = textOf('type') ?? textOf('name') ?? 'genericError'
  const hint = type === 'methodNotFound' ? { hint: { key: 'ws.methodNotFoundHint' } } : type === 'authenticationError' ? { hint: { key: 'ws.authenticationHint' } } : {}
  return fail('remote_or_network', 'remote', 'ws.kiteError', { type, message: textOf('message') ?? (node.kind === 'string' ? node.value : json) }, { exception: { type, json }, ...hint }).data
}

/** `[3000,"Go away!"]`. */
function goodbye(text: string): Incoming {
  const { root } = readJson(text)
  const [code, reason] = root?.kind === 'array' ? root.items : []
  return { kind: 'goodbye', code: code?.kind === 'number' ? Number(code.raw) : 1000, reason: reason?.kind === 'string' ? reason.value : '' }
}
