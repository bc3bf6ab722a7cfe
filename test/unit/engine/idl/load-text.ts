// Loads IDL texts from memory, as an editor does with what is not saved yet.

import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../shared/model/idl.ts'

/** The files by path; the first is the root unless `roots` says otherwise. A missing one answers as a disk would. */
export function loadTexts(files: Readonly<Record<string, string | Uint8Array>>, options: { roots?: readonly string[]; includeDirs?: readonly string[] } = {}): Promise<IdlSet> {
  const read = async (path: string): Promise<string | Uint8Array> => {
    const content = files[path]
    if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
    return content
  }
  return loadIdl({ paths: options.roots ?? Object.keys(files).slice(0, 1), includeDirs: options.includeDirs ?? [], read })
}

/** One text as `a.thrift`. */
export const loadText = (text: string): Promise<IdlSet> => loadTexts({ 'a.thrift': text })

const english = createTranslator('en')

/** Findings as `line:column code: message hint`, the file named where it is not a.thrift. */
export function findingsOf(idl: IdlSet): readonly string[] {
  return idl.diagnostics.map(({ at, code, text, suggestion }) => {
    const place = `${at.file === 'a.thrift' ? '' : `${at.file}:`}${at.line}:${at.column}`
    return [`${place} ${code}: ${english.text(text)}`, suggestion === undefined ? '' : english.text(suggestion)].filter(Boolean).join(' | ')
  })
}
