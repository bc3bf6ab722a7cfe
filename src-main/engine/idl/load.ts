// From paths to a linked set: reads roots and everything they include or import, each file once, each language by its own loader. Reading
// is injected, so an editor can lay unsaved text over the disk.

import { resolve } from 'node:path'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { Findings, type Finding } from './diagnostics.ts'
import type { ProtoLoader } from './proto/load.ts'
import { readFromDisk } from './read-from-disk.ts'
import type { ReadFile } from './read-source.ts'
import { RootExpander, type Root } from './roots.ts'
import { SourceFile } from './source-file.ts'
import { Sources } from './sources.ts'
import { linkThrift } from './thrift/link.ts'
import { ThriftLoader } from './thrift/load.ts'

export interface LoadOptions {
  /** Files, folders, archives (zip, tar, tar.gz) and descriptor sets, in the order in which they are to be listed. */
  readonly paths: readonly string[]
  /** Searched after the including file's own folder and before the working directory; for imports of Protobuf before everything else. */
  readonly includeDirs?: readonly string[]
  /** From the disk if not given. */
  readonly read?: ReadFile
  /** Nothing outside of this folder is read: for people who may use a workspace and not the machine. */
  readonly confineTo?: string
  /** But for these absolute paths: files, and folders of which only what is named as IDL is read. */
  readonly besides?: readonly string[]
  readonly signal?: AbortSignal
}

/** A set, and the folders, archives and descriptor sets that it came from beside the files that it lists. */
export interface LoadedIdl {
  readonly set: IdlSet
  readonly containers: readonly string[]
}

type Linked = Omit<IdlSet, 'diagnostics'>
const nothing: Linked = { files: [], services: [], structs: {}, enums: {} }

/** Loads several roots together. Never rejects because of what is in the files; only when the signal aborts. */
export async function loadIdl(options: LoadOptions): Promise<IdlSet> {
  return (await loadIdlSources(options)).set
}

/** The same, telling what else must be watched for changes. */
export async function loadIdlSources(options: LoadOptions): Promise<LoadedIdl> {
  return new Loader(options).load()
}

class Loader {
  readonly #options: LoadOptions
  readonly #findings = new Findings()
  readonly #sources: Sources
  readonly #includeDirs: string[]
  readonly #thrift: ThriftLoader
  readonly #order = new Map<string, number>()
  #proto: ProtoLoader | undefined

  constructor(options: LoadOptions) {
    this.#options = options
    this.#sources = new Sources(this.#findings, { read: options.read ?? readFromDisk, signal: options.signal, confineTo: options.confineTo, besides: options.besides })
    this.#includeDirs = [...(options.includeDirs ?? [])]
    this.#thrift = new ThriftLoader(this.#sources, this.#findings, this.#includeDirs)
  }

  async load(): Promise<LoadedIdl> {
    const roots = new RootExpander(this.#sources, this.#options.signal)
    const met = new Set<string>()
    const named = this.#options.paths.map((path) => resolve(path))
    for (const path of this.#options.paths.filter((_, index) => named.indexOf(named[index] ?? '') === index)) {
      for (const root of await roots.expand(path)) {
        const key = resolve(root.path)
        if (!met.has(key)) await this.#addRoot(root)
        met.add(key)
      }
    }
    // Files of a folder or archive may include each other by paths from its top.
    this.#includeDirs.push(...roots.tops)
    const set = await this.#link()
    return { set, containers: roots.containers }
  }

  async #link(): Promise<IdlSet> {
    await this.#thrift.loadIncludes()
    await this.#proto?.loadImports()
    this.#options.signal?.throwIfAborted()
    const thrift = this.#thrift.scopes.length === 0 ? nothing : linkThrift(this.#thrift.scopes, this.#findings)
    const proto = this.#proto === undefined ? nothing : this.#proto.link()
    const linked = this.#merge(thrift, proto)
    const order = new Map<string, number>()
    for (const { path } of linked.files) if (!order.has(path)) order.set(path, order.size)
    return { ...linked, diagnostics: this.#findings.sorted(order) }
  }

  // Roots stand in the order in which they were named, whatever their language.
  #merge(thrift: Linked, proto: Linked): Linked {
    if (proto === nothing) return thrift
    if (thrift === nothing) return proto
    const rankOf = (path: string): number => this.#order.get(path) ?? this.#order.size
    const files = [...thrift.files, ...proto.files].sort((a, b) => rankOf(a.path) - rankOf(b.path))
    const services = [...thrift.services, ...proto.services].sort((a, b) => rankOf(a.file) - rankOf(b.file))
    return { files, services, structs: { ...thrift.structs, ...proto.structs }, enums: { ...thrift.enums, ...proto.enums } }
  }

  async #addRoot(root: Root): Promise<void> {
    if (root.kind === 'failed') return this.#fail(root.path, root.failure)
    if (root.kind === 'set') return (await this.#protoLoader()).addDescriptors(root.files)
    const read = this.#sources.textOf(root.path, root.content)
    if ('failure' in read) return this.#fail(root.path, read.failure)
    this.#order.set(root.path, this.#order.size)
    // Thrift files have any ending that people like.
    if (root.path.endsWith('.proto')) (await this.#protoLoader()).addRoot(read.source)
    else this.#thrift.addRoot(read.source)
  }

  // Loaded when it is needed: a call over Thrift starts without it.
  async #protoLoader(): Promise<ProtoLoader> {
    if (this.#proto === undefined) {
      const { ProtoLoader } = await import('./proto/load.ts')
      this.#proto = new ProtoLoader(this.#sources, this.#findings, this.#includeDirs)
    }
    return this.#proto
  }

  #fail(path: string, failure: Finding): void {
    this.#findings.add(new SourceFile(path, ''), failure)
  }
}
