// Messages, extend blocks and what stands in them: nested types, oneofs, extension ranges and reserved numbers.

import { token } from '../text/token.ts'
import { messageNode, type ExtendNode, type MessageNode, type OneofNode, type Range, type Visibility } from './ast.ts'
import { parseBody, push } from './parse-body.ts'
import { parseEnum } from './parse-enum.ts'
import { parseField } from './parse-field.ts'
import { noOptions, parseOptionList, parseOptionStatement } from './parse-option.ts'
import { parseRanges, parseReserved } from './parse-reserved.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** `message Name { … }`, the word already taken. */
export function parseMessage(p: Parser, start: number, visibility: Visibility): MessageNode | undefined {
  const name = p.name('messageName')
  if (name === undefined || p.scan.kind !== mark.openBrace) return name === undefined ? undefined : p.unexpected('{')
  const node = messageNode(name, start, visibility)
  parseMessageBody(p, node)
  node.end = p.scan.previousEnd
  return node
}

/** The braces and all between them. Its own errors are dealt with inside. */
export function parseMessageBody(p: Parser, node: MessageNode): void {
  parseBody(p, node.name, () => parseMember(p, node))
}

/** False after an error that left the rest of the statement behind. */
function parseMember(p: Parser, node: MessageNode): boolean {
  const { scan } = p
  const leading = p.leadingDoc()
  const { start } = scan
  if (scan.kind === token.name && !scan.dotted) {
    switch (scan.lexeme) {
      case 'message': {
        scan.next()
        return addMessage(p, node, start, undefined, leading)
      }
      case 'enum': {
        scan.next()
        return addEnum(p, node, start, undefined, leading)
      }
      case 'export':
      case 'local': {
        const visibility = scan.lexeme === 'export' ? 'export' : 'local'
        const what = scan.lookAhead(() => (scan.next(), scan.isWord('message') || scan.isWord('enum') ? scan.lexeme : undefined))
        if (what === undefined) break
        scan.next()
        scan.next()
        return what === 'message' ? addMessage(p, node, start, visibility, leading) : addEnum(p, node, start, visibility, leading)
      }
      case 'oneof':
        scan.next()
        return parseOneof(p, node, start)
      case 'extend': {
        scan.next()
        return push(node.extends, parseExtend(p, start, node))
      }
      case 'extensions':
        scan.next()
        return parseExtensions(p, node, start)
      case 'reserved':
        scan.next()
        return push(node.reserved, parseReserved(p))
      case 'option':
        scan.next()
        return push(node.options, parseOptionStatement(p))
    }
  }
  return push(node.fields, parseField(p, { node, oneof: undefined, body: parseMessageBody }, leading))
}

function addMessage(p: Parser, node: MessageNode, start: number, visibility: Visibility, leading: Range): boolean {
  const message = parseMessage(p, start, visibility)
  if (message !== undefined) message.doc = p.docOf(leading)
  return push(node.messages, message)
}

function addEnum(p: Parser, node: MessageNode, start: number, visibility: Visibility, leading: Range): boolean {
  const one = parseEnum(p, start, visibility)
  if (one !== undefined) one.doc = p.docOf(leading)
  return push(node.enums, one)
}

function parseOneof(p: Parser, node: MessageNode, start: number): boolean {
  const name = p.name('oneofName')
  if (name === undefined || p.scan.kind !== mark.openBrace) return name === undefined ? false : (p.unexpected('{') ?? false)
  const oneof: OneofNode & { end: number } = { name, options: [], start, end: start }
  const options: OneofNode['options'][number][] = []
  const index = node.oneofs.push({ ...oneof, options }) - 1
  parseBody(p, name, () => {
    const leading = p.leadingDoc()
    if (p.takeWord('option')) return push(options, parseOptionStatement(p))
    return push(node.fields, parseField(p, { node, oneof: index, body: parseMessageBody }, leading))
  })
  return true
}

/** `extend Name { fields }`, the word already taken; groups in it become messages of the place where it stands. */
export function parseExtend(p: Parser, start: number, around: { readonly messages: MessageNode[] }): ExtendNode | undefined {
  const extendee = p.path('typeName')
  if (extendee === undefined || p.scan.kind !== mark.openBrace) return extendee === undefined ? undefined : p.unexpected('{')
  const fields: ExtendNode['fields'][number][] = []
  parseBody(p, extendee, () => push(fields, parseField(p, { node: around, oneof: undefined, body: parseMessageBody }, p.leadingDoc())))
  return { extendee, fields, start, end: p.scan.previousEnd }
}

function parseExtensions(p: Parser, node: MessageNode, start: number): boolean {
  const ranges = parseRanges(p)
  if (ranges === undefined) return false
  const options = parseOptionList(p) ?? noOptions
  node.extensions.push({ ranges, options, start, end: p.scan.previousEnd })
  return p.expect(mark.semicolon)
}
