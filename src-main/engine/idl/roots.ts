// What a path that somebody named stands for: an IDL file, a folder or archive full of them, or a descriptor set. Names decide little: a
// descriptor set or archive is known by its bytes.

import { join } from 'node:path'
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js'
import type { Finding } from './diagnostics.ts'
import { findIdlFiles, isIdlName } from './folder.ts'
import { maxFileBytes } from './read-source.ts'
import type { Sources } from './sources.ts'

export type Root = { readonly path: string } & (
  | { readonly kind: 'text'; readonly content: Uint8Array | string }
  | { readonly kind: 'set'; readonly files: readonly FileDescriptorProto[] }
  | { readonly kind: 'failed'; readonly failure: Finding }
)

/** Of one folder or archive. */
const maxFiles = 10_000
const limits = { members: maxFiles, memberBytes: maxFileBytes, totalBytes: 256 * 1024 * 1024 }
/** Endings of descriptor sets: with one of these, bytes that are none are a broken set. */
const setEndings = /\.(binpb|pb|protoset|desc|descriptor|fds|descriptor_set)$/
const nul = 0

export class RootExpander {
  readonly #sources: Sources
  readonly #signal: AbortSignal | undefined
  /** Folders, archives and descriptor sets that were met. */
  readonly containers: string[] = []
  /** Folders and archives that were named: paths in their files may begin there. */
  readonly tops: string[] = []

  constructor(sources: Sources, signal: AbortSignal | undefined) {
    this.#sources = sources
    this.#signal = signal
  }

  /** The roots that a path stands for. Rejects only when the signal aborts. */
  async expand(path: string): Promise<readonly Root[]> {
    const read = await this.#sources.content(path)
    if (read === 'absent') return [failed(path, this.#sources.isAllowed(path) ? 'file-not-found' : 'file-outside')]
    if ('failure' in read) return read.failure.params?.['reason'] === 'EISDIR' ? this.#folder(path) : [{ kind: 'failed', path, failure: read.failure }]
    const { content } = read
    if (typeof content === 'string' || !mayBeContainer(path, content)) return [{ kind: 'text', path, content }]
    return this.#container(path, Buffer.from(content.buffer, content.byteOffset, content.byteLength))
  }

  async #folder(path: string): Promise<readonly Root[]> {
    const { files, folders, isCut } = await findIdlFiles(path, maxFiles, this.#signal)
    this.containers.push(...folders)
    this.tops.push(path)
    if (files.length === 0) return [failed(path, 'no-idl-files')]
    const roots: Root[] = isCut ? [failed(path, 'too-many-files', { limit: maxFiles })] : []
    for (const file of files) {
      const read = await this.#sources.content(file)
      if (read === 'absent') roots.push(failed(file, this.#sources.isAllowed(file) ? 'file-not-found' : 'file-outside'))
      else roots.push('failure' in read ? { kind: 'failed', path: file, failure: read.failure } : { kind: 'text', path: file, content: read.content })
    }
    return roots
  }

  async #container(path: string, bytes: Buffer): Promise<readonly Root[]> {
    const { archiveKind, readArchive, ArchiveError } = await import('./archive/index.ts')
    const kind = archiveKind(bytes)
    if (kind === undefined) return this.#set(path, bytes)
    this.containers.push(path)
    try {
      const members = await readArchive(kind, bytes, isIdlName, limits)
      this.tops.push(path)
      const roots = members.map(({ name, content }): Root => ({ kind: 'text', path: join(path, name), content }))
      roots.forEach((root, index) => this.#sources.addMember(root.path, members[index]?.content ?? Buffer.alloc(0)))
      return roots.length === 0 ? [failed(path, 'no-idl-files')] : roots
    } catch (caught) {
      if (!(caught instanceof ArchiveError)) throw caught
      return [failed(path, 'archive-unreadable', { problem: caught.problem })]
    }
  }

  async #set(path: string, bytes: Buffer): Promise<readonly Root[]> {
    const { readDescriptorSet } = await import('./proto/descriptor-set.ts')
    const files = readDescriptorSet(bytes)
    if (files === undefined) return setEndings.test(path) ? [failed(path, 'not-a-descriptor-set')] : [{ kind: 'text', path, content: bytes }]
    this.containers.push(path)
    return [{ kind: 'set', path, files }]
  }
}

// Text has no NUL and no such beginnings; what is named as IDL is text whatever is in it.
function mayBeContainer(path: string, content: Uint8Array): boolean {
  if (isIdlName(path)) return false
  const [first, second] = content
  if ((first === 0x50 && second === 0x4b) || (first === 0x1f && second === 0x8b)) return true
  return setEndings.test(path) || content.subarray(0, 65_536).includes(nul) || first === 0x0a
}

const failed = (path: string, code: Finding['code'], params: Finding['params'] = {}): Root => ({ kind: 'failed', path, failure: { code, start: 0, params: { path, ...params } } })
