// What names mean in one file: its own definitions, and those of the files it includes under their base names. A prefix may
// stand for several included files (a/base.thrift and b/base.thrift); each is asked in order, as thriftgo does.

import type { SourceFile } from '../source-file.ts'
import type { Definition, IncludeNode, ThriftDocument } from './ast.ts'

export interface LinkedInclude {
  readonly node: IncludeNode
  /** Undefined where the file could not be had. */
  readonly target: FileScope | undefined
}

export interface Symbol {
  readonly scope: FileScope
  readonly definition: Definition
}

export class FileScope {
  readonly source: SourceFile
  readonly document: ThriftDocument
  readonly includes: LinkedInclude[] = []
  readonly names = new Map<string, Definition>()
  readonly #byPrefix = new Map<string, LinkedInclude[]>()

  constructor(source: SourceFile, document: ThriftDocument) {
    this.source = source
    this.document = document
    for (const definition of document.definitions) {
      if (!this.names.has(definition.name.text)) this.names.set(definition.name.text, definition)
    }
  }

  get path(): string {
    return this.source.path
  }

  addInclude(include: LinkedInclude): void {
    this.includes.push(include)
    const prefix = prefixOf(include.node.path)
    const same = this.#byPrefix.get(prefix)
    if (same === undefined) this.#byPrefix.set(prefix, [include])
    else same.push(include)
  }

  get prefixes(): Iterable<string> {
    return this.#byPrefix.keys()
  }

  included(prefix: string): readonly LinkedInclude[] {
    return this.#byPrefix.get(prefix) ?? []
  }

  /** A definition by a name as written here: own, or `prefix.Name`, split at the last dot. */
  find(name: string, accept: (definition: Definition) => boolean): Symbol | undefined {
    const own = this.names.get(name)
    if (own !== undefined && accept(own)) return { scope: this, definition: own }
    const dot = name.lastIndexOf('.')
    if (dot < 0) return undefined
    const inner = name.slice(dot + 1)
    for (const { target } of this.included(name.slice(0, dot))) {
      const definition = target?.names.get(inner)
      if (target !== undefined && definition !== undefined && accept(definition)) return { scope: target, definition }
    }
    return undefined
  }

  /** True when a name with this prefix may stand in a file that could not be read: one error for the include is enough. */
  mayBeMissing(name: string): boolean {
    const dot = name.lastIndexOf('.')
    return dot >= 0 && this.included(name.slice(0, dot)).some(({ target }) => target === undefined)
  }

  /** Every name that could have been written here, for suggestions. */
  *reachable(accept: (definition: Definition) => boolean): Iterable<string> {
    for (const definition of this.document.definitions) if (accept(definition)) yield definition.name.text
    for (const [prefix, includes] of this.#byPrefix) {
      for (const { target } of includes) {
        for (const definition of target?.document.definitions ?? []) if (accept(definition)) yield `${prefix}.${definition.name.text}`
      }
    }
  }
}

/** The name under which an included file is known: its base name without the last extension. */
export function prefixOf(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const dot = base.lastIndexOf('.')
  return dot < 0 ? base : base.slice(0, dot)
}
