// A method with `api.*` annotations as HTTP messages, both ways.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { readHttpHead, writeHttpHead } from '../../../../shared/logic/http-message.ts'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { plainFormat, type DecodedReply, type DecodedRequest, type Direction, type MethodCodec, type ReplySource, type ValueFormat } from '../codec.ts'
import { BodyFault } from '../common/fault.ts'
import { convert, emptyObject, readBody } from '../common/read-body.ts'
import type { BodyKind } from './body.ts'
import { explainJson } from './explain-json.ts'
import type { BodyTools } from './files.ts'
import { mappedReply } from './mapped-reply.ts'
import { mappedRequest } from './mapped-request.ts'
import { headerValue, readReplyMessage } from './reply-json.ts'
import { routeOf, type Route } from './route.ts'
import { servedReply, servedRequest } from './served.ts'

export interface MappedOptions {
  readonly readFile: BodyTools['readFile']
  readonly body: BodyKind
  /** Of bodies that are messages of their own: Protobuf. Absent: JSON and forms. */
  readonly payload?: MethodCodec | undefined
}


export class MappedMethod implements MethodCodec {
  readonly envelope = 'message'
  readonly #idl: IdlSet
  readonly #method: MethodDescriptor
  readonly #route: Route
  readonly #owner: StructDescriptor
  readonly #options: MappedOptions

  /** Throws KiteError of code `usage` where a method has no route. */
  constructor(idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, options: MappedOptions) {
    this.#idl = idl
    this.#method = method
    this.#route = routeOf(service.name, method)
    this.#owner = argumentStruct(idl, method)
    this.#options = options
  }

  encodeRequest(json: string, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    const { readFile, body, payload } = this.#options
    const encode = payload === undefined ? undefined : (members: string): Buffer => payload.encodeRequest(members, 0)
    const root = json.trim() === '' ? emptyObject : readBody(json, { onWarning })
    return convert(json, root, { onWarning }, ({ warn }) => {
      const node = this.#argument(root)
      if (node.kind !== 'object') throw new BodyFault(node, 'codec.body.expected.struct', { type: this.#owner.name, found: node.kind })
      return mappedRequest({ route: this.#route, owner: this.#owner, body, encode }, node, json, { idl: this.#idl, tools: { readFile, onWarning }, warn })
    })
  }

  /** Of a request as a server gets it: for mocks. */
  decodeRequest(message: Buffer, format: ValueFormat = plainFormat): DecodedRequest {
    const head = readHttpHead(message)
    if (head === undefined) throw fail('protocol', 'codec', 'http.noMessage', {}, { at: { offset: 0 } })
    return { head: undefined, ...servedRequest({ idl: this.#idl, route: this.#route, owner: this.#owner }, head, message.subarray(head.bodyAt), format) }
  }

  encodeReply(reply: ReplySource, _seqId: number, onWarning?: (warning: ErrorData) => void): Buffer {
    switch (reply.kind) {
      case 'reply':
        return servedReply(this.#idl, this.#method.returns, reply.json, { readFile: this.#options.readFile, onWarning })
      case 'declared-exception':
        return plainReply('500 Internal Server Error', 'application/json', reply.json)
      case 'remote-exception':
        return plainReply('500 Internal Server Error', 'text/plain; charset=utf-8', reply.message)
      case 'empty':
        return Buffer.from(writeHttpHead('204 No Content', []))
    }
  }

  decodeReply(message: Buffer, format: ValueFormat = plainFormat): DecodedReply {
    const reply = readReplyMessage(message)
    const { payload } = this.#options
    if (payload !== undefined && /protobuf/i.test(headerValue(reply.headers, 'content-type') ?? '')) return payload.decodeReply(reply.body, format)
    return { kind: 'reply', head: undefined, ...mappedReply({ idl: this.#idl, returns: this.#method.returns }, reply, format) }
  }

  /** A body that begins like JSON is JSON, whatever was asked for. */
  explain(message: Buffer, offset: number, direction?: Direction): readonly ByteNode[] {
    const { payload } = this.#options
    return payload === undefined || message[0] === 0x7b || message[0] === 0x5b ? explainJson(message, offset) : payload.explain(message, offset, direction)
  }

  /** `{"req": {…}}` for the only argument `req`, where the body itself could not mean that; null for nothing given. */
  #argument(root: JsonNode): JsonNode {
    if (root.kind === 'null') return { ...emptyObject, start: root.start, end: root.start }
    const [only] = this.#method.args
    if (root.kind !== 'object' || root.members.length !== 1 || this.#method.args.length !== 1 || only === undefined) return root
    const [member] = root.members
    const isWrapped = member?.key === only.name && member.value.kind === 'object' && !this.#owner.fields.some(({ name }) => name === only.name)
    return isWrapped ? member.value : root
  }
}

/** The only argument where it is a struct, else the arguments themselves. */
function argumentStruct({ structs }: IdlSet, method: MethodDescriptor): StructDescriptor {
  const [only, ...others] = method.args
  const struct = only?.type.kind === 'struct' && others.length === 0 ? structs[only.type.id] : undefined
  return struct ?? { kind: 'struct', id: `${method.name}#args`, name: method.name, fields: method.args, annotations: {}, at: method.at }
}

const plainReply = (status: string, type: string, text: string): Buffer => Buffer.concat([writeHttpHead(status, [['Content-Type', type]]), Buffer.from(text)])
