// Reads a workspace folder whole. A file that cannot be read becomes a problem with its place; everything else works. Nothing is written.

import { basename, join } from 'node:path'
import { type ErrorData, KiteError } from '../../../shared/base/error.ts'
import {
  type EnvironmentFile, environmentFileSchema, savedCallSchema, type WorkspaceFile, workspaceFileSchema, type WorkspaceState,
} from '../../../shared/model/workspace.ts'
import { type Document, readDocument } from './document.ts'
import { type Files, isMissing, readError } from './files.ts'

/** A folder's content at one moment. */
export interface FolderContent {
  /** Absent: no kite.json yet (or an unreadable one, then among the problems); it is made when something is first saved. */
  readonly file: Document<WorkspaceFile> | undefined
  readonly name: string
  readonly environments: WorkspaceState['environments']
  readonly calls: WorkspaceState['calls']
  readonly problems: readonly ErrorData[]
  /** kite.json's format is newer than ours: the folder is shown and not written. */
  readonly newer: ErrorData | undefined
}

export const callSuffix = '.kite.json'
/** Deeper than this nobody keeps files on purpose; a link that points upward ends here. */
export const depthLimit = 16

/** `root` must be an existing folder. */
export async function readFolder(files: Files, root: string): Promise<FolderContent> {
  const problems: ErrorData[] = []
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (caught) {
      const { data } = KiteError.from(caught, 'workspace')
      if (data.text.key !== 'workspace.missing') problems.push(data)
      return undefined
    }
  }
  const note = <T>(document: Document<T> | undefined): Document<T> | undefined => {
    if (document?.newer !== undefined) problems.push(document.newer)
    return document
  }
  const file = note(await attempt(() => readDocument(files, join(root, 'kite.json'), workspaceFileSchema)))
  const environments: WorkspaceState['environments'][number][] = []
  for (const path of await attempt(() => findFiles(files, join(root, 'env'), '.json', 0)) ?? []) {
    const read = note(await attempt(() => readDocument(files, join(root, 'env', path), environmentFileSchema)))
    if (read !== undefined) environments.push(environmentOf(path, read.value))
  }
  const calls: WorkspaceState['calls'][number][] = []
  for (const path of await attempt(() => findFiles(files, join(root, 'calls'), callSuffix, depthLimit)) ?? []) {
    const read = note(await attempt(() => readDocument(files, join(root, 'calls', path), savedCallSchema)))
    const short = path.slice(0, -callSuffix.length)
    if (read !== undefined) calls.push({ path: short, name: basename(short), request: read.value.request })
  }
  return { file, name: file?.value.name ?? basename(root), environments, calls, problems, newer: file?.newer }
}

function environmentOf(path: string, { registry, production, variables }: EnvironmentFile): WorkspaceState['environments'][number] {
  return { name: path.slice(0, -'.json'.length), ...(registry === undefined ? {} : { registry }), production, variables }
}

/** Paths below the folder, sorted, with forward slashes; none when the folder is missing. Dot files and temporary ones are left out. */
export async function findFiles(files: Files, folder: string, suffix: string, depth: number): Promise<readonly string[]> {
  const found: string[] = []
  for (const { name, isFolder } of [...(await listFolder(files, folder))].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name.startsWith('.')) continue
    if (!isFolder && name.endsWith(suffix)) found.push(name)
    if (isFolder && depth > 0) found.push(...(await findFiles(files, join(folder, name), suffix, depth - 1)).map((path) => `${name}/${path}`))
  }
  return found
}

async function listFolder(files: Files, folder: string): Promise<Awaited<ReturnType<Files['list']>>> {
  try {
    return await files.list(folder)
  } catch (caught) {
    if (isMissing(caught)) return []
    throw readError(folder, caught)
  }
}
