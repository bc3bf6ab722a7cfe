// Fields: plain ones, maps and groups, of messages, oneofs and extend blocks.

import { token } from '../text/token.ts'
import { messageNode, type FieldNode, type Label, type MessageNode, type Name, type Range } from './ast.ts'
import { readInteger, smallNumber } from './literals.ts'
import { noOptions, parseOptionList } from './parse-option.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** Where a field stands: groups add their message there. */
export interface FieldPlace {
  readonly node: { readonly messages: MessageNode[] }
  readonly oneof: number | undefined
  /** Parses the braces of a group: groups are messages, and messages have fields. */
  readonly body: (p: Parser, node: MessageNode) => void
}

/** One field with its semicolon; undefined after an error. */
export function parseField(p: Parser, place: FieldPlace, leading: Range): FieldNode | undefined {
  const { scan } = p
  const { start } = scan
  const label = parseLabel(p)
  const labelEnd = scan.previousEnd
  if (scan.isWord('map')) {
    const isMap = scan.lookAhead(() => (scan.next(), scan.kind === mark.less))
    if (isMap) return parseMap(p, place, { start, label, labelEnd, leading })
  }
  if (scan.isWord('group')) {
    const isGroup = scan.lookAhead(() => (scan.next(), scan.kind === token.name && (scan.next(), scan.kind === mark.equal) && (scan.next(), scan.next(), scan.kind === mark.openBrace || scan.kind === mark.openBracket)))
    if (isGroup) return parseGroup(p, place, { start, label, labelEnd, leading })
  }
  const type = p.path('fieldType')
  if (type === undefined) return undefined
  return finish(p, place, { start, label, labelEnd, leading }, type, undefined)
}

interface Head {
  readonly start: number
  readonly label: Label
  readonly labelEnd: number
  readonly leading: Range
}

function parseLabel(p: Parser): Label {
  const { scan } = p
  if (scan.kind !== token.name || scan.dotted) return undefined
  const length = scan.end - scan.start
  // Compared before it is cut out: most fields have a type here.
  if (length !== 8) return undefined
  const word = scan.lexeme
  if (word !== 'optional' && word !== 'required' && word !== 'repeated') return undefined
  scan.next()
  return word
}

function parseMap(p: Parser, place: FieldPlace, head: Head): FieldNode | undefined {
  p.scan.next()
  p.scan.next()
  const key = p.path('mapKey')
  if (key === undefined || !p.expect(mark.comma)) return undefined
  const value = p.path('fieldType')
  if (value === undefined || !p.expect(mark.greater)) return undefined
  return finish(p, place, head, value, key)
}

function finish(p: Parser, place: FieldPlace, head: Head, type: Name, mapKey: Name | undefined): FieldNode | undefined {
  const { scan } = p
  const name = p.name('fieldName')
  if (name === undefined) return undefined
  const number = parseFieldNumber(p, name)
  if (number === false) return undefined
  const options = scan.kind === mark.openBracket ? parseOptionList(p) : noOptions
  if (options === undefined || !p.expect(mark.semicolon)) return undefined
  return { label: head.label, labelEnd: head.labelEnd, type, mapKey, name, number, options, oneof: place.oneof, group: undefined, start: head.start, end: scan.previousEnd, doc: p.docOf(head.leading) }
}

// A field without a number is told so by name, and the rest of it is still read.
function parseFieldNumber(p: Parser, name: Name): Name | undefined | false {
  const { scan } = p
  if (scan.kind === mark.semicolon || scan.kind === mark.openBracket) {
    p.report('missing-field-number', name, { name: name.text })
    return undefined
  }
  if (!p.expect(mark.equal)) return false
  const { start } = scan
  const negative = p.take(mark.minus)
  if (scan.kind !== token.int) return p.unexpected('fieldNumber') ?? false
  const text = negative ? `-${scan.lexeme}` : scan.lexeme
  const { end } = scan
  scan.next()
  // What is no number was told by the scanner.
  return smallNumber(text) === undefined && readInteger(text) === undefined && text.length < 100 ? undefined : { text, start, end }
}

function parseGroup(p: Parser, place: FieldPlace, head: Head): FieldNode | undefined {
  const { scan } = p
  const word = { text: 'group', start: scan.start, end: scan.end }
  scan.next()
  const name = p.name('messageName')
  if (name === undefined) return undefined
  const number = parseFieldNumber(p, name)
  if (number === false) return undefined
  const options = parseOptionList(p)
  if (options === undefined || scan.kind !== mark.openBrace) return options === undefined ? undefined : p.unexpected('{')
  const group = messageNode(name, head.start, undefined)
  place.body(p, group)
  group.end = scan.previousEnd
  const doc = p.docOf(head.leading)
  group.doc = doc
  place.node.messages.push(group)
  return { label: head.label, labelEnd: head.labelEnd, type: { ...name, start: word.start }, mapKey: undefined, name, number, options, oneof: place.oneof, group, start: head.start, end: scan.previousEnd, doc }
}
