// Wrong usage, as errors of ours: what is wrong, the nearest right thing, and where to read more.

import { fail, type KiteError, type Text, type TextParams } from '../../shared/base/error.ts'
import type { MessageKey } from '../../shared/i18n/catalogue.ts'
import { nearest } from '../../shared/logic/nearest.ts'

/** Exit 2. The key is a message key; a hint may be given. */
export function usage(key: MessageKey, params: TextParams = {}, hint?: Text): KiteError {
  return fail('usage', 'usage', key, params, hint === undefined ? {} : { hint })
}

/** The hint `Did you mean …?`, or where to find the list. */
export function hintFor(wrong: string, right: readonly string[], helpLine: string): Text {
  const name = nearest(wrong, right)
  return name === undefined ? { key: 'cli.seeHelp', params: { line: helpLine } } : { key: 'cli.didYouMean', params: { name } }
}
