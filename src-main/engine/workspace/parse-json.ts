// JSON.parse with the place of the mistake. V8 tells an offset for some errors and none for others, so the place is found by reading
// the text again, only once it is known to be wrong.

import { fail } from '../../../shared/base/error.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Throws KiteError `file` at line and column. */
export function parseJson(text: string, path: string): Json {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    const parsed: Json = JSON.parse(source)
    return parsed
  } catch (caught) {
    const offset = firstMistake(source)
    const before = source.slice(0, offset)
    const line = before.split('\n').length
    const column = offset - before.lastIndexOf('\n')
    const cause = caught instanceof Error ? caught.message : String(caught)
    throw fail('file', 'workspace', 'workspace.notJson', { path, cause }, { at: { file: path, line, column } })
  }
}

const token = /[ \t\n\r]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([[\]{},:]))/y

type Wanted = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing'

/** Offset of the first character that no JSON text could have there. */
export function firstMistake(text: string): number {
  const open: ('[' | '{')[] = []
  let wanted: Wanted = 'value'
  let at = 0
  while (true) {
    token.lastIndex = at
    const match = token.exec(text)
    const start = skipSpace(text, at)
    if (match === null) return start
    const next = step(wanted, match, open)
    if (next === undefined) return start
    wanted = next
    at = token.lastIndex
  }
}

function step(wanted: Wanted, [, string, scalar, mark]: RegExpExecArray, open: ('[' | '{')[]): Wanted | undefined {
  const after = (): Wanted => (open.length === 0 ? 'nothing' : 'comma-or-end')
  const wantsValue = wanted === 'value' || wanted === 'value-or-end'
  if (string !== undefined) return wantsValue ? after() : wanted === 'key' || wanted === 'key-or-end' ? 'colon' : undefined
  if (scalar !== undefined) return wantsValue ? after() : undefined
  if (mark === '[' || mark === '{') {
    if (!wantsValue) return undefined
    open.push(mark)
    return mark === '[' ? 'value-or-end' : 'key-or-end'
  }
  if (mark === ':') return wanted === 'colon' ? 'value' : undefined
  const top = open.at(-1)
  if (mark === ',') return wanted === 'comma-or-end' ? (top === '[' ? 'value' : 'key') : undefined
  const mayEnd = wanted === 'comma-or-end' || wanted === (mark === ']' ? 'value-or-end' : 'key-or-end')
  if (!mayEnd || top !== (mark === ']' ? '[' : '{')) return undefined
  open.pop()
  return after()
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at += 1
  return at
}
