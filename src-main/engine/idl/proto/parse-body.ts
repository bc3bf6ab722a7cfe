// Bodies in braces, whatever stands in them: members until the end, going on after broken ones.

import { maxDepth } from '../text/base-parser.ts'
import { token } from '../text/token.ts'
import type { Name } from './ast.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** Any body in braces: members until the end, going on after broken ones. False where something was broken. */
export function parseBody(p: Parser, name: Name, member: () => boolean): boolean {
  const { scan } = p
  if (p.depth >= maxDepth) {
    p.report('too-deep', name, { limit: maxDepth })
    p.skipBlock()
    return false
  }
  scan.next()
  p.depth++
  let sound = true
  while (scan.kind !== mark.closeBrace && scan.kind !== token.eof && !p.isFull && !p.atTopLevel()) {
    if (p.take(mark.semicolon)) continue
    // A member that broke off at the end of the body has nothing left to skip.
    if (member()) continue
    sound = false
    if (scan.kind !== mark.closeBrace && scan.kind !== token.eof) p.skipStatement()
  }
  p.depth--
  if (p.take(mark.closeBrace)) return sound
  if (!p.isFull) p.report('unclosed-body', name, { name: name.text, mark: '}' })
  return false
}

/** Adds what was parsed; false where that failed. */
export function push<T>(list: T[], item: T | undefined): boolean {
  if (item === undefined) return false
  list.push(item)
  return true
}
