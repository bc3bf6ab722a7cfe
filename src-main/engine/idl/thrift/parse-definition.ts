// Definitions: const, typedef, enum, struct, union, exception, service, and Apache's senum, which is a string by another name.

import { token } from '../text/token.ts'
import type { Definition, EnumDefinition, EnumValueNode, FunctionNode, Name, Range, StructDefinition, TypeNode } from './ast.ts'
import { parseConst } from './parse-const.ts'
import { parseFields } from './parse-field.ts'
import { parseAnnotations, parseType } from './parse-type.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

type Body = (p: Parser, start: number) => Definition | undefined

/** What begins with each word. The word is already taken. */
export const definitions: ReadonlyMap<string, Body> = new Map<string, Body>([
  ['const', parseConstDefinition],
  ['typedef', parseTypedef],
  ['enum', parseEnum],
  ['senum', parseSenum],
  ['struct', (p, start) => parseStruct(p, start, 'struct')],
  ['union', (p, start) => parseStruct(p, start, 'union')],
  ['exception', (p, start) => parseStruct(p, start, 'exception')],
  ['service', parseService],
])

const doc = { start: -1, end: -1 }

function parseConstDefinition(p: Parser, start: number): Definition | undefined {
  const type = parseType(p)
  const name = type && p.name('constName')
  if (type === undefined || name === undefined || !p.expect(mark.equal)) return undefined
  const value = parseConst(p)
  if (value === undefined) return undefined
  p.separator()
  const annotations = parseAnnotations(p)
  return { kind: 'const', name, type, value, annotations, start, end: p.scan.previousEnd, doc }
}

function parseTypedef(p: Parser, start: number): Definition | undefined {
  const type = parseType(p)
  const name = type && p.name('typeName')
  if (type === undefined || name === undefined) return undefined
  const annotations = parseAnnotations(p)
  return { kind: 'typedef', name, type, annotations, start, end: p.scan.previousEnd, doc }
}

function parseStruct(p: Parser, start: number, kind: StructDefinition['kind']): Definition | undefined {
  const name = p.name('typeName')
  if (name === undefined) return undefined
  if (p.scan.isWord('xsd_all')) {
    p.report('legacy-keyword', p.scan, { word: 'xsd_all' })
    p.scan.next()
  }
  if (!p.expect(mark.openBrace)) return undefined
  const fields = parseFields(p, mark.closeBrace, { start, end: name.end })
  const annotations = parseAnnotations(p)
  return { kind, name, fields, annotations, start, end: p.scan.previousEnd, doc }
}

function parseEnum(p: Parser, start: number): EnumDefinition | undefined {
  const name = p.name('typeName')
  if (name === undefined || !p.expect(mark.openBrace)) return undefined
  const values = parseMembers(p, mark.closeBrace, { start, end: name.end }, parseEnumValue)
  const annotations = parseAnnotations(p)
  return { kind: 'enum', name, values, annotations, start, end: p.scan.previousEnd, doc }
}

function parseEnumValue(p: Parser): EnumValueNode | undefined {
  const { scan } = p
  const leading = p.leadingDoc()
  const name = p.name('enumValue')
  if (name === undefined) return undefined
  let value: string | undefined
  let valueRange: Range = name
  if (p.take(mark.equal)) {
    if (scan.kind !== token.int) return p.unexpected('integer')
    value = scan.lexeme
    valueRange = { start: scan.start, end: scan.end }
    scan.next()
  }
  parseAnnotations(p)
  const end = scan.previousEnd
  p.separator()
  return { name, value, valueRange, start: name.start, end, doc: p.docOf(leading) }
}

// Apache: a senum is deprecated and always was a string; its values bind nobody.
function parseSenum(p: Parser, start: number): Definition | undefined {
  p.report('legacy-keyword', { start, end: p.scan.previousEnd }, { word: 'senum' })
  const name = p.name('typeName')
  if (name === undefined || !p.expect(mark.openBrace)) return undefined
  parseMembers(p, mark.closeBrace, { start, end: name.end }, (inner) => {
    if (inner.scan.kind !== token.literal) return inner.unexpected('literal')
    inner.scan.next()
    inner.separator()
    return true
  })
  const annotations = parseAnnotations(p)
  const type: TypeNode = { name: 'string', args: [], annotations: [], start: name.start, end: name.end }
  return { kind: 'typedef', name, type, annotations, start, end: p.scan.previousEnd, doc }
}

function parseService(p: Parser, start: number): Definition | undefined {
  const name = p.name('serviceName')
  if (name === undefined) return undefined
  let base: Name | undefined
  if (p.takeWord('extends')) {
    base = p.name('serviceName')
    if (base === undefined) return undefined
  }
  if (!p.expect(mark.openBrace)) return undefined
  const functions = parseMembers(p, mark.closeBrace, { start, end: name.end }, parseFunction)
  const annotations = parseAnnotations(p)
  return { kind: 'service', name, extends: base, functions, annotations, start, end: p.scan.previousEnd, doc }
}

function parseFunction(p: Parser): FunctionNode | undefined {
  const { scan } = p
  const leading = p.leadingDoc()
  const { start } = scan
  const oneway = parseOneway(p)
  const returns = parseType(p)
  const name = returns && p.name('functionName')
  if (returns === undefined || name === undefined || !p.expect(mark.open)) return undefined
  const args = parseFields(p, mark.close, name)
  const throws = scan.isWord('throws') ? parseThrows(p, name) : []
  if (throws === undefined) return undefined
  const annotations = parseAnnotations(p)
  const end = scan.previousEnd
  p.separator()
  return { oneway, returns, name, args, throws, annotations, start, end, doc: p.docOf(leading) }
}

function parseThrows(p: Parser, name: Name): FunctionNode['throws'] | undefined {
  const { scan } = p
  const clause = scan.lookAhead(() => (scan.next(), scan.kind === mark.open))
  // `throws` may also be the type of the next function, which then has a name before its parenthesis.
  if (!clause && scan.newlineBefore) return []
  scan.next()
  return p.expect(mark.open) ? parseFields(p, mark.close, name) : undefined
}

// `oneway` and Apache's old `async`, unless they are the name of the type that is returned.
function parseOneway(p: Parser): boolean {
  const { scan } = p
  const isAsync = scan.isWord('async')
  if (!isAsync && !scan.isWord('oneway')) return false
  const isType = scan.lookAhead(() => {
    scan.next()
    scan.next()
    return scan.kind === mark.open
  })
  if (isType) return false
  if (isAsync) p.report('legacy-keyword', scan, { word: 'async' }, { key: 'idl.hint.useInstead', params: { right: 'oneway' } })
  scan.next()
  return true
}

function parseMembers<T>(p: Parser, close: number, owner: Range, parse: (p: Parser) => T | undefined): readonly T[] {
  const { scan } = p
  const members: T[] = []
  while (scan.kind !== close) {
    if (p.isFull) break
    if (scan.kind === token.eof || p.atDefinition()) {
      p.report('unclosed-body', owner, { mark: String.fromCharCode(close), name: scan.text.slice(owner.start, Math.min(owner.end, owner.start + 80)) })
      return members
    }
    const before = scan.start
    const member = parse(p)
    if (member !== undefined) members.push(member)
    else {
      p.skipMember(close)
      if (scan.start === before && scan.kind !== close && !p.atDefinition()) scan.next()
    }
  }
  p.take(close)
  return members
}
