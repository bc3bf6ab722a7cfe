// From paths to a linked set: reads roots and everything they include, each file once, and turns what cannot be had into a
// diagnostic at the include that asked for it. Reading is injected, so an editor can lay unsaved text over the disk.

import { dirname, isAbsolute, join, normalize, resolve } from 'node:path'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { Findings, type Finding } from './diagnostics.ts'
import { readFromDisk } from './read-from-disk.ts'
import { toSourceText, type ReadFile, type SourceText } from './read-source.ts'
import { SourceFile } from './source-file.ts'
import type { IncludeNode } from './thrift/ast.ts'
import { linkThrift } from './thrift/link.ts'
import { parseThrift } from './thrift/parse-document.ts'
import { FileScope } from './thrift/scope.ts'

export interface LoadOptions {
  /** Roots, in the order in which they are to be listed. */
  readonly paths: readonly string[]
  /** Searched after the including file's own folder and before the working directory. */
  readonly includeDirs?: readonly string[]
  /** From the disk if not given. */
  readonly read?: ReadFile
  readonly signal?: AbortSignal
}

const maxFiles = 10_000

/** Loads several roots together. Never rejects because of what is in the files; only when the signal aborts. */
export async function loadIdl(options: LoadOptions): Promise<IdlSet> {
  const loader = new Loader(options)
  return loader.load()
}

type Loaded = { readonly scope: FileScope } | { readonly failure: Finding }

class Loader {
  readonly #options: LoadOptions
  readonly #read: ReadFile
  readonly #findings = new Findings()
  readonly #scopes: FileScope[] = []
  /** By absolute path: a file that is met on two ways is one file. */
  readonly #known = new Map<string, Loaded | 'absent'>()
  readonly #order = new Map<string, number>()

  constructor(options: LoadOptions) {
    this.#options = options
    this.#read = options.read ?? readFromDisk
  }

  async load(): Promise<IdlSet> {
    for (const path of this.#options.paths) await this.#loadRoot(path)
    // The list grows while it is walked: includes come after roots, in the order first met.
    for (let index = 0; index < this.#scopes.length; index++) {
      const scope = this.#scopes[index]
      for (const include of scope?.document.includes ?? []) if (scope !== undefined) await this.#loadInclude(scope, include)
    }
    this.#options.signal?.throwIfAborted()
    const linked = linkThrift(this.#scopes, this.#findings)
    this.#scopes.forEach(({ path }) => this.#order.set(path, this.#order.get(path) ?? this.#order.size))
    return { ...linked, diagnostics: this.#findings.sorted(this.#order) }
  }

  async #loadRoot(path: string): Promise<void> {
    const loaded = await this.#fetch(path)
    if (loaded !== 'absent' && 'scope' in loaded) return
    const failure: Finding = loaded === 'absent' ? { code: 'file-not-found', start: 0, params: { path } } : loaded.failure
    this.#findings.add(new SourceFile(path, ''), failure)
  }

  async #loadInclude(scope: FileScope, node: IncludeNode): Promise<void> {
    if (this.#findings.isFull(scope.source)) return scope.addInclude({ node, target: undefined })
    const candidates = this.#candidates(scope, node.path)
    for (const path of candidates) {
      const loaded = await this.#fetch(path)
      if (loaded === 'absent') continue
      if ('scope' in loaded) return scope.addInclude({ node, target: loaded.scope })
      this.#findings.add(scope.source, { ...loaded.failure, start: node.start, end: node.end })
      return scope.addInclude({ node, target: undefined })
    }
    this.#findings.add(scope.source, {
      code: 'include-not-found',
      start: node.start,
      end: node.end,
      params: { path: node.path, tried: candidates.join(', ') },
      suggestion: { key: 'idl.hint.addIncludeDir' },
    })
    scope.addInclude({ node, target: undefined })
  }

  #candidates(scope: FileScope, path: string): readonly string[] {
    if (isAbsolute(path)) return [path]
    const dirs = [dirname(scope.path), ...(this.#options.includeDirs ?? []), '.']
    return [...new Set(dirs.map((dir) => normalize(join(dir, path))))]
  }

  async #fetch(path: string): Promise<Loaded | 'absent'> {
    const key = resolve(path)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#options.signal?.throwIfAborted()
    const loaded = await this.#parse(path)
    this.#known.set(key, loaded)
    return loaded
  }

  async #parse(path: string): Promise<Loaded | 'absent'> {
    if (this.#scopes.length >= maxFiles) return { failure: { code: 'too-many-files', start: 0, params: { limit: maxFiles } } }
    // Thrift files have any ending that people like; only this one surely means another language.
    if (path.endsWith('.proto')) return { failure: { code: 'unsupported-language', start: 0, params: { path } } }
    const content = await this.#readOrFail(path)
    if (content === 'absent' || 'failure' in content) return content
    const { source } = content
    const scope = new FileScope(source, parseThrift(source, this.#findings))
    this.#scopes.push(scope)
    return { scope }
  }

  async #readOrFail(path: string): Promise<{ readonly source: SourceFile } | { readonly failure: Finding } | 'absent'> {
    let text: SourceText
    try {
      text = toSourceText(await this.#read(path, this.#options.signal))
    } catch (caught) {
      this.#options.signal?.throwIfAborted()
      const reason = codeOf(caught)
      if (reason === 'ENOENT' || reason === 'ENOTDIR') return 'absent'
      const params = { path, reason }
      return { failure: { code: reason === 'EFBIG' ? 'file-too-large' : 'file-unreadable', start: 0, params: reason === 'EFBIG' ? { ...params, limit: 64 } : params } }
    }
    if (!text.ok) return { failure: { code: text.code, start: 0, params: { path, ...text.params }, ...(text.suggestion === undefined ? {} : { suggestion: text.suggestion }) } }
    const source = new SourceFile(path, text.text)
    if (text.invalidAt !== undefined) this.#findings.add(source, { code: 'not-utf8', start: text.invalidAt, end: text.invalidAt + 1 })
    return { source }
  }
}

function codeOf(caught: unknown): string {
  if (typeof caught === 'object' && caught !== null && 'code' in caught && typeof caught.code === 'string') return caught.code
  return caught instanceof Error ? caught.message : String(caught)
}
