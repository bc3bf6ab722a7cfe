// Types and their annotations. `list`, `set` and `map` are containers only before `<` (or cpp_type): elsewhere they are names,
// as in thriftgo.

import { maxDepth } from '../text/base-parser.ts'
import { token } from '../text/token.ts'
import type { AnnotationNode, TypeNode } from './ast.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

const none: readonly never[] = []
const arity: Readonly<Record<string, number>> = { list: 1, set: 1, map: 2 }

/** A type with everything that may follow it. */
export function parseType(p: Parser, depth = 0): TypeNode | undefined {
  const { scan } = p
  if (scan.kind !== token.name) return p.unexpected('type')
  if (depth > maxDepth) {
    p.report('too-deep', scan, { limit: maxDepth })
    p.skipNested([mark.less], [mark.greater], [mark.semicolon, mark.openBrace, mark.closeBrace])
    return undefined
  }
  const start = scan.start
  const name = scan.lexeme
  scan.next()
  const count = name.length < 5 ? arity[name] : undefined
  const isContainer = count !== undefined && (scan.kind === mark.less || (scan.isWord('cpp_type') && cppTypeBefore(p, name)))
  const args = isContainer ? parseTypeArguments(p, count, depth) : none
  if (args === undefined) return undefined
  if (isContainer && scan.isWord('cpp_type')) cppTypeAfter(p, name)
  const annotations = parseAnnotations(p)
  return { name, args, annotations, start, end: scan.previousEnd }
}

function parseTypeArguments(p: Parser, count: number, depth: number): readonly TypeNode[] | undefined {
  if (!p.expect(mark.less)) return undefined
  const first = parseType(p, depth + 1)
  if (first === undefined) return undefined
  const args = [first]
  if (count === 2) {
    if (!p.expect(mark.comma)) return undefined
    const second = parseType(p, depth + 1)
    if (second === undefined) return undefined
    args.push(second)
  }
  return p.expect(mark.greater) ? args : undefined
}

// thriftgo: before the `<` of map and set, after the `>` of list. Apache takes both for lists.
function cppTypeBefore(p: Parser, name: string): boolean {
  if (!p.scan.lookAhead(() => (p.scan.next(), p.scan.kind === token.literal))) return false
  if (name === 'list') p.report('cpp-type-position', p.scan, { container: name })
  p.scan.next()
  p.scan.next()
  return true
}

function cppTypeAfter(p: Parser, name: string): void {
  if (!p.scan.lookAhead(() => (p.scan.next(), p.scan.kind === token.literal))) return
  if (name !== 'list') p.report('cpp-type-position', p.scan, { container: name })
  p.scan.next()
  p.scan.next()
}

/** `(name = "value", …)`, or nothing. A broken list is reported and skipped: what it annotates is still good. */
export function parseAnnotations(p: Parser): readonly AnnotationNode[] {
  const { scan } = p
  if (scan.kind !== mark.open) return none
  scan.next()
  const list: AnnotationNode[] = []
  while (scan.kind !== mark.close) {
    if (scan.kind === token.eof || p.atDefinition()) {
      p.unexpected(')')
      return list
    }
    const one = parseAnnotation(p)
    if (one !== undefined) list.push(one)
    else {
      p.skipMember(mark.close)
      if (scan.kind !== token.name) break
    }
  }
  p.take(mark.close)
  return list
}

function parseAnnotation(p: Parser): AnnotationNode | undefined {
  const { scan } = p
  const name = p.name('annotationName')
  if (name === undefined) return undefined
  if (!p.take(mark.equal)) {
    if (scan.kind !== mark.comma && scan.kind !== mark.semicolon && scan.kind !== mark.close) return p.unexpected('=')
    p.report('annotation-without-value', name, { name: name.text })
    p.separator()
    return { name: name.text, value: '1', start: name.start, end: name.end }
  }
  if (scan.kind !== token.literal) return p.unexpected('annotationValue')
  const value = scan.literalValue()
  const end = scan.end
  scan.next()
  p.separator()
  return { name: name.text, value, start: name.start, end }
}
