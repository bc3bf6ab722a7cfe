// Thrift files and everything they include, each file once; what cannot be had becomes a diagnostic at the include that asked for it.

import { dirname, isAbsolute, join, normalize, resolve } from 'node:path'
import type { Finding, Findings } from '../diagnostics.ts'
import type { Sources } from '../sources.ts'
import type { SourceFile } from '../source-file.ts'
import type { IncludeNode } from './ast.ts'
import { parseThrift } from './parse-document.ts'
import { FileScope } from './scope.ts'

const maxFiles = 10_000

type Loaded = { readonly scope: FileScope } | { readonly failure: Finding }

export class ThriftLoader {
  readonly #sources: Sources
  readonly #findings: Findings
  readonly #includeDirs: readonly string[]
  /** Roots first, then includes in the order first met. */
  readonly scopes: FileScope[] = []
  /** By absolute path: a file that is met on two ways is one file. */
  readonly #known = new Map<string, Loaded | 'absent'>()

  constructor(sources: Sources, findings: Findings, includeDirs: readonly string[]) {
    this.#sources = sources
    this.#findings = findings
    this.#includeDirs = includeDirs
  }

  /** A root whose text is there. */
  addRoot(source: SourceFile): void {
    const key = resolve(source.path)
    if (!this.#known.has(key)) this.#known.set(key, this.#parse(source))
  }

  /** Loads what the roots include, and what that includes. */
  async loadIncludes(): Promise<void> {
    // The list grows while it is walked.
    for (let index = 0; index < this.scopes.length; index++) {
      const scope = this.scopes[index]
      for (const include of scope?.document.includes ?? []) if (scope !== undefined) await this.#loadInclude(scope, include)
    }
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

  // The including file's own folder, then what was named, then the working directory.
  #candidates(scope: FileScope, path: string): readonly string[] {
    if (isAbsolute(path)) return [path]
    const dirs = [dirname(scope.path), ...this.#includeDirs, '.']
    return [...new Set(dirs.map((dir) => normalize(join(dir, path))))]
  }

  async #fetch(path: string): Promise<Loaded | 'absent'> {
    const key = resolve(path)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const loaded = await this.#load(path)
    this.#known.set(key, loaded)
    return loaded
  }

  async #load(path: string): Promise<Loaded | 'absent'> {
    if (this.scopes.length >= maxFiles) return { failure: { code: 'too-many-files', start: 0, params: { limit: maxFiles } } }
    // Thrift files have any ending that people like; only this one surely means another language.
    if (path.endsWith('.proto')) return { failure: { code: 'unsupported-language', start: 0, params: { path } } }
    const content = await this.#sources.text(path)
    return content === 'absent' || 'failure' in content ? content : this.#parse(content.source)
  }

  #parse(source: SourceFile): Loaded {
    const scope = new FileScope(source, parseThrift(source, this.#findings))
    this.scopes.push(scope)
    return { scope }
  }
}
