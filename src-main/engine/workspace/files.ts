// The file system as the workspace needs it, injected so that tests can fill a disk or take away a permission. Node's own errors are
// translated here, once, into errors that name the file and the next step.

import { constants } from 'node:fs'
import { access as mayAccess, appendFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { type ErrorData, KiteError, fail } from '../../../shared/base/error.ts'
import { readRegularFile } from '../read-regular-file.ts'

/**
 * Who may read what is made: `shared` is what the system gives new files, for what lies in git; `private` this user alone, for what was
 * called and typed, which holds credentials. Windows keeps a user's folders to the user by itself.
 */
export type Access = 'shared' | 'private'

/** What the workspace asks of a disk; Node's promises by default. */
export interface Files {
  readFile(path: string): Promise<Buffer>
  writeFile(path: string, text: string, access?: Access): Promise<void>
  /** For what only this user may read. */
  appendFile(path: string, text: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  makeFolder(path: string, access?: Access): Promise<void>
  list(path: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>
  stat(path: string): Promise<{ readonly isFolder: boolean; readonly size: number; readonly id: string }>
  /** Rejects when the folder may not be written to; touches nothing. */
  mayWrite(path: string): Promise<void>
  /** Reads `length` bytes from `start`; fewer at the end of the file. */
  readRange(path: string, start: number, length: number): Promise<Buffer>
}

/** Windows has no such flag, and makes links for administrators only. */
const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW

/** The real disk. */
export const diskFiles: Files = {
  readFile: readRegularFile,
  writeFile: (path, text, access) => writeFile(path, text, access === 'private' ? { mode: 0o600 } : {}),
  // A folder from elsewhere may bring a link under the name of what is appended to; replies of strangers do not belong where it leads.
  appendFile: (path, text) => appendFile(path, text, { mode: 0o600, flag: constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | noFollow }),
  rename,
  remove: (path) => rm(path, { force: true }),
  makeFolder: async (path, access) => {
    await mkdir(path, { recursive: true, ...(access === 'private' ? { mode: 0o700 } : {}) })
  },
  list: async (path) => (await readdir(path, { withFileTypes: true })).map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() })),
  stat: async (path) => {
    const facts = await stat(path)
    return { isFolder: facts.isDirectory(), size: facts.size, id: `${facts.dev}:${facts.ino}` }
  },
  mayWrite: (path) => mayAccess(path, constants.W_OK),
  readRange,
}

async function readRange(path: string, start: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await file.read(buffer, 0, length, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const writeKeys: Readonly<Record<string, string>> = {
  ENOSPC: 'workspace.diskFull',
  EDQUOT: 'workspace.diskFull',
  EACCES: 'workspace.notWritable',
  EPERM: 'workspace.notWritable',
  EROFS: 'workspace.notWritable',
}

/** What Node says about a failed write, as an error of ours. */
export function writeError(path: string, caught: unknown): KiteError {
  if (caught instanceof KiteError) return caught
  const key = writeKeys[codeOf(caught)] ?? 'workspace.cannotWrite'
  const hint = key === 'workspace.cannotWrite' ? {} : { hint: { key: `${key}Hint` } }
  return fail('file', 'workspace', key, { path, cause: messageOf(caught) }, { at: { file: path }, ...hint })
}

/** What Node says about a failed read, as an error of ours. */
export function readError(path: string, caught: unknown): KiteError {
  if (caught instanceof KiteError) return caught
  if (isMissing(caught)) return fail('file', 'workspace', 'workspace.missing', { path }, { at: { file: path } })
  return fail('file', 'workspace', 'workspace.cannotRead', { path, cause: messageOf(caught) }, { at: { file: path } })
}

/** Tells "not there" from every other failure. */
export const isMissing = (caught: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(caught))

/** Why this folder cannot be written to, also for a read-only mount; undefined when it can. */
export async function whyNotWritable(files: Files, folder: string): Promise<ErrorData | undefined> {
  try {
    await files.mayWrite(folder)
    return undefined
  } catch (caught) {
    return writeError(folder, caught).data
  }
}

function codeOf(caught: unknown): string {
  return typeof caught === 'object' && caught !== null && 'code' in caught && typeof caught.code === 'string' ? caught.code : ''
}

const messageOf = (caught: unknown): string => (caught instanceof Error ? caught.message : String(caught))
