// A body made readable: one value over several lines, or each message of a stream so.

import { readJson } from './read.ts'
import { splitJson } from './split.ts'
import { prettyJson } from './write.ts'

/** Undefined where some value is no JSON: what is half written stays as it is. */
export function prettyMessages(text: string): string | undefined {
  const values: string[] = []
  for (const { json } of splitJson(text)) {
    if (readJson(json).root === undefined) return undefined
    values.push(prettyJson(json, 2))
  }
  return values.length === 0 ? undefined : values.join('\n')
}
