// YAML policies apart from JSON ones: whoever has none never loads the parser. It is imported at once here, since a bundle gives a CommonJS
// package that is imported lazily by itself only under `default`.

import { parseDocument } from 'yaml'
import { fail } from '../../shared/base/error.ts'

/** Throws KiteError `file` with line and column where the text is no YAML. */
export function parsePolicyYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error === undefined) return document.toJS()
  const before = text.slice(0, error.pos[0]).split('\n')
  const at = { file, line: before.length, column: (before.at(-1) ?? '').length + 1 }
  throw fail('file', 'policy', 'chain.policyNotYaml', { problem: error.message }, { at })
}
