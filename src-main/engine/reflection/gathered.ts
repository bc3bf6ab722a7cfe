// The files that reflection gave so far: each once, what they still miss, and at last in the order of a descriptor set.

import { fail } from '../../../shared/base/error.ts'
import type { ReflectedFile } from './messages.ts'
import { withLostImports } from './lost-imports.ts'

/** Bounds against a server that never stops answering. */
const maxFiles = 20_000
const maxBytes = 512 * 1024 * 1024

/** What has come, each file once. */
export class Gathered {
  readonly #files = new Map<string, ReflectedFile>()
  readonly #leftOut = new Set<string>()
  #bytes = 0

  add(files: readonly ReflectedFile[]): void {
    for (const file of withLostImports(files)) {
      if (this.#files.has(file.name)) continue
      this.#files.set(file.name, file)
      this.#bytes += file.bytes.length
      if (this.#files.size > maxFiles || this.#bytes > maxBytes) throw fail('idl', 'remote', 'reflection.tooMuch', { files: this.#files.size, bytes: this.#bytes })
    }
  }

  leaveOut(file: string): void {
    this.#leftOut.add(file)
  }

  /** Imported and not there yet, each with one of those that import it. */
  missing(): readonly { readonly file: string; readonly by: string }[] {
    const missing = new Map<string, string>()
    for (const { name, imports } of this.#files.values()) for (const file of imports) if (!this.#files.has(file) && !this.#leftOut.has(file)) missing.set(file, name)
    return [...missing].map(([file, by]) => ({ file, by }))
  }

  /** Imports first, as a descriptor set has them; a cycle, which no compiler lets through, ends the descent. */
  inOrder(): readonly Uint8Array[] {
    const ordered: Uint8Array[] = []
    const visited = new Set<string>()
    const open = [...this.#files.keys()].reverse().map((name) => ({ name, isDone: false }))
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const file = this.#files.get(next.name)
      if (file === undefined) continue
      if (next.isDone) ordered.push(file.bytes)
      else if (!visited.has(next.name)) {
        visited.add(next.name)
        open.push({ name: next.name, isDone: true }, ...file.imports.map((name) => ({ name, isDone: false })))
      }
    }
    return ordered
  }
}
