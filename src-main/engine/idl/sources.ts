// Reads IDL files for all languages: each problem becomes a finding that the caller places where the file was asked for. Members of archives
// are files too, under the path of their archive.

import { resolve } from 'node:path'
import { isInside } from '../inside.ts'
import type { Finding, Findings } from './diagnostics.ts'
import { isIdlName } from './folder.ts'
import { toSourceText, type ReadFile, type SourceText } from './read-source.ts'
import { SourceFile } from './source-file.ts'

export type Read<T> = T | { readonly failure: Finding } | 'absent'

export interface SourceOptions {
  readonly read: ReadFile
  readonly signal: AbortSignal | undefined
  /** Nothing outside of this folder is read, also where a link leads there. */
  readonly confineTo: string | undefined
  /** But for these: files, and folders of which only what is named as IDL is read. Absolute. */
  readonly besides?: readonly string[] | undefined
}

export class Sources {
  readonly #options: SourceOptions
  readonly #findings: Findings
  readonly #members = new Map<string, Uint8Array>()

  constructor(findings: Findings, options: SourceOptions) {
    this.#findings = findings
    this.#options = options
  }

  /** A file that is no file of the disk. */
  addMember(path: string, content: Uint8Array): void {
    this.#members.set(resolve(path), content)
  }

  /** The text of a file. */
  async text(path: string): Promise<Read<{ readonly source: SourceFile }>> {
    const content = await this.content(path)
    return content === 'absent' || 'failure' in content ? content : this.textOf(path, content.content)
  }

  /** Text of what was read already. */
  textOf(path: string, content: Uint8Array | string): { readonly source: SourceFile } | { readonly failure: Finding } {
    const text: SourceText = toSourceText(content)
    if (!text.ok) return { failure: { code: text.code, start: 0, params: { path, ...text.params }, ...(text.suggestion === undefined ? {} : { suggestion: text.suggestion }) } }
    const source = new SourceFile(path, text.text)
    if (text.invalidAt !== undefined) this.#findings.add(source, { code: 'not-utf8', start: text.invalidAt, end: text.invalidAt + 1 })
    return { source }
  }

  /** A file as it is. What lies outside of the folder is as if it were not there. Rejects only when the signal aborts. */
  async content(path: string): Promise<Read<{ readonly content: Uint8Array | string }>> {
    const { read, signal } = this.#options
    signal?.throwIfAborted()
    const member = this.#members.get(resolve(path))
    if (member !== undefined) return { content: member }
    if (!this.isAllowed(path)) return 'absent'
    try {
      return { content: await read(path, signal) }
    } catch (caught) {
      signal?.throwIfAborted()
      const reason = codeOf(caught)
      if (reason === 'ENOENT' || reason === 'ENOTDIR') return 'absent'
      const params = { path, reason }
      return { failure: { code: reason === 'EFBIG' ? 'file-too-large' : 'file-unreadable', start: 0, params: reason === 'EFBIG' ? { ...params, limit: 64 } : params } }
    }
  }

  /** Whether this path may be read at all. */
  isAllowed(path: string): boolean {
    const { confineTo, besides = [] } = this.#options
    if (confineTo === undefined) return true
    const file = resolve(path)
    return isInside(confineTo, file) || besides.some((each) => (file === each || isIdlName(file)) && isInside(each, file))
  }
}

function codeOf(caught: unknown): string {
  if (typeof caught === 'object' && caught !== null && 'code' in caught && typeof caught.code === 'string') return caught.code
  return caught instanceof Error ? caught.message : String(caught)
}
