// A request that no IDL describes: `GET /users/7?x=1` and a body as typed. The reply is shown as JSON text whatever it is.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { readHttpHead, writeHttpHead } from '../../../../shared/logic/http-message.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { DecodedReply, DecodedRequest, MethodCodec, ReplySource } from '../codec.ts'
import { httpBodyOf, type BodyKind } from './body.ts'
import { noBody, type BodyTools } from './files.ts'
import { explainJson } from './explain-json.ts'
import { bodyJson, readReplyMessage } from './reply-json.ts'

/** Verb and path of a method text. */
export interface VerbAndPath {
  readonly verb: string
  /** Path with query, percent-encoded where it has to be. */
  readonly path: string
}

/** Methods without a body of their own: `{}`, which stands for no body elsewhere, is not sent with them. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

/** Reads `GET /path`, `/path` (GET) or a whole URL, whose host is the target's affair. Throws KiteError of code `usage`. */
export function readVerbAndPath(method: string): VerbAndPath {
  const [, verb = 'GET', target] = /^(?:([A-Za-z][A-Za-z-]*)\s+)?(\S.*)$/s.exec(method.trim()) ?? []
  const path = target === undefined ? undefined : pathOf(target)
  if (path === undefined) throw fail('usage', 'codec', 'http.badMethodText', { method }, { hint: { key: 'http.methodTextHint' } })
  return { verb: verb === verb.toLowerCase() ? verb.toUpperCase() : verb, path: encodePath(path) }
}

function pathOf(target: string): string | undefined {
  if (target.startsWith('/') || target === '*') return target
  const rest = /^https?:\/\/[^/?#]*(.*)$/is.exec(target)?.[1]
  if (rest === undefined) return target.startsWith('?') ? `/${target}` : undefined
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** A fragment is never sent; blanks and letters beyond ASCII are encoded, `%` stays as it was written. */
const encodePath = (path: string): string => path.replace(/#.*$/s, '').replaceAll(/[^\x21-\x7e]+|["<>\\^`{|}]/g, (text) => encodeURIComponent(text.replaceAll(loneSurrogate, '\ufffd')))

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export class PlainHttpMethod implements MethodCodec {
  readonly envelope = 'message'
  readonly #method: VerbAndPath
  readonly #kind: BodyKind
  readonly #readFile: BodyTools['readFile']

  constructor(method: VerbAndPath, kind: BodyKind, readFile: BodyTools['readFile']) {
    this.#method = method
    this.#kind = kind
    this.#readFile = readFile
  }

  encodeRequest(json: string, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { verb, path } = this.#method
    const isEmpty = this.#kind === 'auto' && bodiless.has(verb) && json.trim() === '{}'
    const { contentType, bytes } = isEmpty ? noBody : httpBodyOf(json, this.#kind, { readFile: this.#readFile, onWarning })
    return Buffer.concat([writeHttpHead(`${verb} ${path}`, contentType === undefined ? [] : [['Content-Type', contentType]]), bytes])
  }

  decodeRequest(message: Buffer): DecodedRequest {
    const head = readHttpHead(message)
    if (head === undefined) throw fail('protocol', 'codec', 'http.noMessage', {}, { at: { offset: 0 } })
    const { json, warnings } = bodyJson({ headers: head.headers, body: message.subarray(head.bodyAt) })
    return { head: undefined, json, warnings }
  }

  encodeReply(reply: ReplySource): Buffer {
    if (reply.kind === 'reply') return Buffer.concat([writeHttpHead('200 OK', [['Content-Type', 'application/json']]), Buffer.from(reply.json)])
    if (reply.kind === 'empty') return Buffer.from(writeHttpHead('204 No Content', []))
    const text = reply.kind === 'remote-exception' ? reply.message : reply.json
    return Buffer.concat([writeHttpHead('500 Internal Server Error', [['Content-Type', reply.kind === 'remote-exception' ? 'text/plain; charset=utf-8' : 'application/json']]), Buffer.from(text)])
  }

  decodeReply(message: Buffer): DecodedReply {
    const { json, warnings } = bodyJson(readReplyMessage(message))
    return { kind: 'reply', head: undefined, json, warnings }
  }

  explain(message: Buffer, offset: number): readonly ByteNode[] {
    return explainJson(message, offset)
  }
}
