// A folder as a source of IDL files: all of them below it, in a stable order. Links to folders are not followed, so it ends.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const maxDepth = 32
const maxFolders = 20_000

/** True for the names of files that are looked for. */
export const isIdlName = (name: string): boolean => /\.(thrift|proto)$/.test(name)

/** Folders that hold what others wrote or what tools made. */
const isPassedOver = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

export interface Found {
  readonly files: readonly string[]
  /** Every folder that was looked into: a change of what they hold is a change of the source. */
  readonly folders: readonly string[]
  /** There is more than is taken. */
  readonly isCut: boolean
}

/** IDL files below a folder, those of a folder before those of the folders in it. */
export async function findIdlFiles(folder: string, maxFiles: number, signal: AbortSignal | undefined): Promise<Found> {
  const files: string[] = []
  const folders: string[] = []
  const todo: (readonly [string, number])[] = [[folder, 0]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    signal?.throwIfAborted()
    const [path, depth] = next
    folders.push(path)
    const entries = (await readdir(path, { withFileTypes: true }).catch(() => [])).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) if (!entry.isDirectory() && isIdlName(entry.name)) files.push(join(path, entry.name))
    if (files.length > maxFiles || folders.length > maxFolders) return { files: files.slice(0, maxFiles), folders, isCut: true }
    const below = entries.filter((entry) => entry.isDirectory() && !isPassedOver(entry.name)).map(({ name }) => [join(path, name), depth + 1] as const)
    if (depth < maxDepth) todo.push(...below.reverse())
  }
  return { files, folders, isCut: false }
}
