// From paths to a linked set: reads roots and everything they include or import, each file once, each language by its own loader. Reading
// is injected, so an editor can lay unsaved text over the disk.

import { resolve } from 'node:path'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { Findings, type Finding } from './diagnostics.ts'
import type { ProtoLoader } from './proto/load.ts'
import { readFromDisk } from './read-from-disk.ts'
import type { ReadFile } from './read-source.ts'
import { SourceFile } from './source-file.ts'
import { Sources } from './sources.ts'
import { linkThrift } from './thrift/link.ts'
import { ThriftLoader } from './thrift/load.ts'

export interface LoadOptions {
  /** Roots, in the order in which they are to be listed. */
  readonly paths: readonly string[]
  /** Searched after the including file's own folder and before the working directory; for imports of Protobuf before everything else. */
  readonly includeDirs?: readonly string[]
  /** From the disk if not given. */
  readonly read?: ReadFile
  readonly signal?: AbortSignal
}

type Linked = Omit<IdlSet, 'diagnostics'>
const nothing: Linked = { files: [], services: [], structs: {}, enums: {} }

/** Loads several roots together. Never rejects because of what is in the files; only when the signal aborts. */
export async function loadIdl(options: LoadOptions): Promise<IdlSet> {
  return new Loader(options).load()
}

class Loader {
  readonly #options: LoadOptions
  readonly #findings = new Findings()
  readonly #sources: Sources
  readonly #thrift: ThriftLoader
  #proto: ProtoLoader | undefined
  readonly #met = new Set<string>()

  constructor(options: LoadOptions) {
    this.#options = options
    this.#sources = new Sources(options.read ?? readFromDisk, this.#findings, options.signal)
    this.#thrift = new ThriftLoader(this.#sources, this.#findings, options.includeDirs ?? [])
  }

  async load(): Promise<IdlSet> {
    for (const path of this.#options.paths) await this.#loadRoot(path)
    await this.#thrift.loadIncludes()
    await this.#proto?.loadImports()
    this.#options.signal?.throwIfAborted()
    const thrift = this.#thrift.scopes.length === 0 ? nothing : linkThrift(this.#thrift.scopes, this.#findings)
    const proto = this.#proto === undefined ? nothing : this.#proto.link()
    const set = this.#merge(thrift, proto)
    const order = new Map<string, number>()
    for (const { path } of set.files) if (!order.has(path)) order.set(path, order.size)
    return { ...set, diagnostics: this.#findings.sorted(order) }
  }

  // Roots stand in the order in which they were named, whatever their language.
  #merge(thrift: Linked, proto: Linked): Linked {
    if (proto === nothing) return thrift
    if (thrift === nothing) return proto
    const rank = new Map(this.#options.paths.map((path, index) => [path, index]))
    const rankOf = (path: string): number => rank.get(path) ?? rank.size
    const files = [...thrift.files, ...proto.files].sort((a, b) => rankOf(a.path) - rankOf(b.path))
    const services = [...thrift.services, ...proto.services].sort((a, b) => rankOf(a.file) - rankOf(b.file))
    return { files, services, structs: { ...thrift.structs, ...proto.structs }, enums: { ...thrift.enums, ...proto.enums } }
  }

  async #loadRoot(path: string): Promise<void> {
    const key = resolve(path)
    if (this.#met.has(key)) return
    this.#met.add(key)
    const read = await this.#sources.text(path)
    if (read === 'absent') return this.#fail(path, { code: 'file-not-found', start: 0, params: { path } })
    if ('failure' in read) return this.#fail(path, read.failure)
    // Thrift files have any ending that people like.
    if (path.endsWith('.proto')) (await this.#protoLoader()).addRoot(read.source)
    else this.#thrift.addRoot(read.source)
  }

  // Loaded when it is needed: a call over Thrift starts without it.
  async #protoLoader(): Promise<ProtoLoader> {
    if (this.#proto === undefined) {
      const { ProtoLoader } = await import('./proto/load.ts')
      this.#proto = new ProtoLoader(this.#sources, this.#findings, this.#options.includeDirs ?? [])
    }
    return this.#proto
  }

  #fail(path: string, failure: Finding): void {
    this.#findings.add(new SourceFile(path, ''), failure)
  }
}
