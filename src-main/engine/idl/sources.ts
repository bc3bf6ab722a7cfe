// Reads IDL files for all languages: each problem becomes a finding that the caller places where the file was asked for.

import type { Finding, Findings } from './diagnostics.ts'
import { toSourceText, type ReadFile, type SourceText } from './read-source.ts'
import { SourceFile } from './source-file.ts'

export type Read<T> = T | { readonly failure: Finding } | 'absent'

export class Sources {
  readonly #read: ReadFile
  readonly #findings: Findings
  readonly #signal: AbortSignal | undefined

  constructor(read: ReadFile, findings: Findings, signal: AbortSignal | undefined) {
    this.#read = read
    this.#findings = findings
    this.#signal = signal
  }

  /** The text of a file. */
  async text(path: string): Promise<Read<{ readonly source: SourceFile }>> {
    const content = await this.content(path)
    return content === 'absent' || 'failure' in content ? content : this.textOf(path, content.content)
  }

  /** Text of what was read already. */
  textOf(path: string, content: Uint8Array | string): Read<{ readonly source: SourceFile }> {
    const text: SourceText = toSourceText(content)
    if (!text.ok) return { failure: { code: text.code, start: 0, params: { path, ...text.params }, ...(text.suggestion === undefined ? {} : { suggestion: text.suggestion }) } }
    const source = new SourceFile(path, text.text)
    if (text.invalidAt !== undefined) this.#findings.add(source, { code: 'not-utf8', start: text.invalidAt, end: text.invalidAt + 1 })
    return { source }
  }

  /** A file as it is. Rejects only when the signal aborts. */
  async content(path: string): Promise<Read<{ readonly content: Uint8Array | string }>> {
    this.#signal?.throwIfAborted()
    try {
      return { content: await this.#read(path, this.#signal) }
    } catch (caught) {
      this.#signal?.throwIfAborted()
      const reason = codeOf(caught)
      if (reason === 'ENOENT' || reason === 'ENOTDIR') return 'absent'
      const params = { path, reason }
      return { failure: { code: reason === 'EFBIG' ? 'file-too-large' : 'file-unreadable', start: 0, params: reason === 'EFBIG' ? { ...params, limit: 64 } : params } }
    }
  }
}

function codeOf(caught: unknown): string {
  if (typeof caught === 'object' && caught !== null && 'code' in caught && typeof caught.code === 'string') return caught.code
  return caught instanceof Error ? caught.message : String(caught)
}
