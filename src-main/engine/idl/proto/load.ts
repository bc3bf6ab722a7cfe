// Protobuf files and everything they import, each file once. Import paths are relative to a root that nobody may have named: it is found by
// walking up from the importing file until the path exists, and kept for the other imports of that file and of what it imports.

import { dirname, isAbsolute, join, normalize, resolve } from 'node:path'
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js'
import type { IdlSet } from '../../../../shared/model/idl.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { Finding, Findings } from '../diagnostics.ts'
import { SourceFile } from '../source-file.ts'
import type { Sources } from '../sources.ts'
import { buildFile } from './build.ts'
import { bundled, bundledPaths, isFixed, optionsFile, type Bundled } from './bundled.ts'
import { checkSyntax } from './check-syntax.ts'
import { fileFromDescriptor } from './from-descriptor.ts'
import { linkProto } from './link.ts'
import type { FileProto, ImportProto } from './model.ts'
import { parseProto } from './parse-document.ts'
import { toIdl } from './to-idl.ts'

const maxFiles = 10_000
/** Folders above a file that are looked into. */
const maxAncestors = 40

type Loaded = { readonly file: FileProto } | { readonly failure: Finding } | 'absent'

export class ProtoLoader {
  readonly #sources: Sources
  readonly #findings: Findings
  readonly #includeDirs: readonly string[]
  /** Roots first, then imports in the order first met. */
  readonly files: FileProto[] = []
  readonly #roots: FileProto[] = []
  /** By absolute path. */
  readonly #known = new Map<string, Loaded>()
  /** By import path: what is bundled, and what descriptor sets brought along. */
  readonly #named = new Map<string, FileProto>()
  readonly #rootDirs = new Map<FileProto, string>()
  #optionTypes: FileProto | undefined

  constructor(sources: Sources, findings: Findings, includeDirs: readonly string[]) {
    this.#sources = sources
    this.#findings = findings
    this.#includeDirs = includeDirs
  }

  /** A root whose text is there. */
  addRoot(source: SourceFile): void {
    const key = resolve(source.path)
    if (this.#known.has(key)) return
    const file = this.#parse(source)
    this.#known.set(key, { file })
    this.#roots.push(file)
  }

  /** Files of a descriptor set; a file of that name that is there already stays. */
  addDescriptors(protos: readonly FileDescriptorProto[]): void {
    for (const proto of protos) {
      if (this.#named.has(proto.name)) continue
      const file = fileFromDescriptor(proto)
      this.#named.set(proto.name, file)
      this.files.push(file)
    }
  }

  /** Joins every import with its file, loading what is not there yet. */
  async loadImports(): Promise<void> {
    // The list grows while it is walked.
    for (let index = 0; index < this.files.length; index++) {
      const file = this.files[index]
      for (const one of file?.imports ?? []) if (file !== undefined) one.target = await this.#import(file, one)
    }
    // A copy among the roots is what their extensions extend.
    this.#optionTypes = this.#rootOf(optionsFile) ?? (await this.#bundledFile(optionsFile, false))
  }

  /** The linked set; call it after the imports are there. */
  link(): Omit<IdlSet, 'diagnostics'> {
    if (this.#optionTypes === undefined) throw new Error('believed: imports are loaded')
    linkProto(this.files, this.#optionTypes, this.#findings)
    return toIdl(this.files)
  }

  async #import(file: FileProto, one: ImportProto): Promise<FileProto | undefined> {
    const { source } = file
    if (source !== undefined && this.#findings.isFull(source)) return undefined
    const named = this.#named.get(one.path)
    if (named !== undefined) return named
    if (isFixed(one.path)) return this.#rootOf(one.path) ?? this.#bundledFile(one.path, true)
    const candidates = source === undefined ? [] : this.#candidates(file, one.path)
    for (const { path, root } of candidates) {
      const loaded = await this.#fetch(path)
      if (loaded === 'absent') continue
      if ('failure' in loaded) return this.#fail(source, one, loaded.failure)
      this.#keepRoot(file, loaded.file, root)
      return loaded.file
    }
    const found = await this.#bundledFile(one.path, true)
    if (found === undefined && source === undefined) this.#findings.add(new SourceFile(file.path, ''), { code: 'set-incomplete', start: 0, params: { path: one.path } })
    return found ?? this.#fail(source, one, notFound(one.path, candidates.map(({ path }) => path)))
  }

  #rootOf = (importPath: string): FileProto | undefined => this.#roots.find((file) => isPathOf(file.path, importPath) && file.package.startsWith('google.protobuf'))

  // Named folders, the root of the file if it is known, its own folder and those above it, the working directory.
  #candidates(file: FileProto, path: string): readonly { readonly path: string; readonly root: string | undefined }[] {
    if (isAbsolute(path)) return [{ path, root: undefined }]
    const own = dirname(file.path)
    const known = this.#rootDirs.get(file)
    const dirs = [...this.#includeDirs, ...(known === undefined ? [] : [known]), ...ancestorsOf(own), '.']
    const seen = new Set<string>()
    return dirs.flatMap((dir) => {
      const candidate = normalize(join(dir, path))
      if (seen.has(candidate)) return []
      seen.add(candidate)
      return [{ path: candidate, root: this.#includeDirs.includes(dir) ? undefined : dir }]
    })
  }

  #keepRoot(file: FileProto, target: FileProto, root: string | undefined): void {
    if (root === undefined) return
    if (!this.#rootDirs.has(file)) this.#rootDirs.set(file, root)
    if (!this.#rootDirs.has(target)) this.#rootDirs.set(target, root)
  }

  async #fetch(path: string): Promise<Loaded> {
    const key = resolve(path)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const loaded = await this.#load(path)
    this.#known.set(key, loaded)
    return loaded
  }

  async #load(path: string): Promise<Loaded> {
    if (this.files.length >= maxFiles) return { failure: { code: 'too-many-files', start: 0, params: { limit: maxFiles } } }
    const content = await this.#sources.text(path)
    return content === 'absent' || 'failure' in content ? content : { file: this.#parse(content.source) }
  }

  #parse(source: SourceFile): FileProto {
    const document = parseProto(source, this.#findings)
    checkSyntax(document, source, this.#findings)
    const file = buildFile(source, document)
    this.files.push(file)
    return file
  }

  /** `listed`: it is imported, so it is one of the files of the set. */
  async #bundledFile(path: string, listed: boolean): Promise<FileProto | undefined> {
    const known = this.#named.get(path)
    if (known !== undefined) return known
    const found = await bundled(path)
    if (found === undefined) return undefined
    const file = bundledFile(path, found, this.#findings)
    if (listed) {
      this.#named.set(path, file)
      this.files.push(file)
    }
    return file
  }

  #fail(source: SourceFile | undefined, { node }: ImportProto, failure: Finding): undefined {
    if (source !== undefined && node !== undefined) this.#findings.add(source, { ...failure, start: node.start, end: node.end })
  }
}

function bundledFile(path: string, found: Bundled, findings: Findings): FileProto {
  if (found.kind === 'descriptor') return fileFromDescriptor(found.proto)
  const source = new SourceFile(path, found.text)
  return buildFile(source, parseProto(source, findings))
}

function notFound(path: string, tried: readonly string[]): Finding {
  const near = path.startsWith('google/') ? nearest(path, bundledPaths) : undefined
  const suggestion = near === undefined ? { key: 'idl.hint.addIncludeDir' } : { key: 'idl.hint.didYouMean', params: { name: near } }
  return { code: 'import-not-found', start: 0, params: { path, tried: tried.join(', ') }, suggestion }
}

function* ancestorsOf(dir: string): Iterable<string> {
  let at = dir
  for (let count = 0; count < maxAncestors; count++) {
    yield at
    const above = normalize(join(at, '..'))
    if (resolve(above) === resolve(at)) return
    at = above
  }
}

const isPathOf = (path: string, importPath: string): boolean => path === importPath || path.endsWith(`/${importPath}`)
