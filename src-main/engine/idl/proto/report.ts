// One way to add a finding, for all checks of a file.

import type { Text, TextParams } from '../../../../shared/base/error.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import type { Range } from './ast.ts'

/** Nothing happens where there is no range: what came without text was checked by whoever made it. */
export type Report = (range: Range | undefined, code: DiagnosticCode, params: TextParams, suggestion?: Text) => void

/** Reports into one file. */
export const reporterOf = (source: SourceFile, findings: Findings): Report => (range, code, params, suggestion) => {
  if (range === undefined) return
  findings.add(source, { code, start: range.start, end: range.end, params, ...(suggestion === undefined ? {} : { suggestion }) })
}

/** "Did you mean" where a name is near. */
export const didYouMean = (name: string | undefined): Text | undefined => (name === undefined ? undefined : { key: 'idl.hint.didYouMean', params: { name } })
