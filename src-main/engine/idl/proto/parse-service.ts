// Services and their methods.

import { noRange } from '../text/range.ts'
import type { MethodNode, Name, OptionNode, ServiceNode } from './ast.ts'
import { parseBody, push } from './parse-body.ts'
import { noOptions, parseOptionStatement } from './parse-option.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** `service Name { … }`, the word already taken. */
export function parseService(p: Parser, start: number): ServiceNode | undefined {
  const name = p.name('serviceName')
  if (name === undefined || p.scan.kind !== mark.openBrace) return name === undefined ? undefined : p.unexpected('{')
  const node: ServiceNode & { end: number } = { name, methods: [], options: [], doc: noRange, start, end: start }
  parseBody(p, name, () => {
    const leading = p.leadingDoc()
    const from = p.scan.start
    if (p.takeWord('option')) return push(node.options, parseOptionStatement(p))
    if (!p.takeWord('rpc')) return p.unexpected('rpc') ?? false
    const method = parseMethod(p, from)
    if (method !== undefined) method.doc = p.docOf(leading)
    return push(node.methods, method)
  })
  node.end = p.scan.previousEnd
  return node
}

function parseMethod(p: Parser, start: number): MethodNode | undefined {
  const name = p.name('functionName')
  const input = name && parseMessageType(p)
  if (name === undefined || input === undefined) return undefined
  if (!p.takeWord('returns')) return p.unexpected('returns')
  const output = parseMessageType(p)
  if (output === undefined) return undefined
  const options = parseMethodBody(p, name)
  if (options === undefined) return undefined
  return { name, input: input.type, output: output.type, clientStreaming: input.stream, serverStreaming: output.stream, options, doc: noRange, start, end: p.scan.previousEnd }
}

function parseMessageType(p: Parser): { readonly type: Name; readonly stream: boolean } | undefined {
  if (!p.expect(mark.open)) return undefined
  const stream = p.takeWord('stream')
  const type = p.path('messageType')
  return type !== undefined && p.expect(mark.close) ? { type, stream } : undefined
}

function parseMethodBody(p: Parser, name: Name): readonly OptionNode[] | undefined {
  if (p.scan.kind !== mark.openBrace) return p.expect(mark.semicolon) ? noOptions : undefined
  const options: OptionNode[] = []
  parseBody(p, name, () => (p.takeWord('option') ? push(options, parseOptionStatement(p)) : (p.unexpected('option') ?? false)))
  return options
}
