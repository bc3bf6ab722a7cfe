// Where the open workspace lives: a folder made for git, or the data folder's scratch when nothing is opened. Both answer the same
// questions, so that the workspace itself need not know which it is.

import { join } from 'node:path'
import * as z from 'zod'
import { type ErrorData, KiteError, fail } from '../../../shared/base/error.ts'
import { callRequestSchema } from '../../../shared/model/call.ts'
import { type SavedCall, savedCallSchema } from '../../../shared/model/workspace.ts'
import { readDocument } from './document.ts'
import { type Files, isMissing, readError, whyNotWritable, writeError } from './files.ts'
import { type Json, type JsonObject, isObject } from './parse-json.ts'
import { checkCallPath, checkFileName, machinePath, storedPath } from './paths.ts'
import { callSuffix, type FolderContent, readFolder } from './read-folder.ts'
import { documentText, writeAtomic } from './write-atomic.ts'

/** A workspace's files. Methods that write throw KiteError `file` and leave the old file. */
export interface Place {
  readonly root: string | undefined
  /** The disk it lies on. */
  readonly files: Files
  /** For history and drafts. */
  readonly stateFolder: string
  readonly content: FolderContent
  readonly idl: { readonly paths: readonly string[]; readonly includeDirs: readonly string[] }
  /** Why nothing can be written. */
  readonly readOnly: ErrorData | undefined
  /** The environment chosen last. */
  readonly environment: string | undefined
  /** Before the first write to the state folder. Never throws: the write itself tells what is wrong. */
  prepareState(): Promise<void>
  rememberEnvironment(name: string | undefined): Promise<void>
  reload(): Promise<void>
  /** How this place writes a path of this machine, and back. */
  stored(absolute: string): string
  absolute(stored: string): string
  setIdlPaths(paths: readonly string[]): Promise<void>
  /** Returns the paths as stored. */
  writeIdl(files: readonly { readonly name: string; readonly text: string }[]): Promise<readonly string[]>
  saveCall(path: string, request: SavedCall['request'], overwrite: boolean): Promise<void>
  deleteCall(path: string): Promise<void>
}

const stateFile = z.looseObject({ format: z.literal(1), environment: z.string().optional() })
const scratchFile = z.looseObject({ format: z.literal(1), idl: z.array(z.string()).default([]) })
const requestKeys: readonly string[] = Object.keys(callRequestSchema.shape).filter((key) => key !== 'idl')

/** A workspace folder. */
export async function folderPlace(files: Files, root: string): Promise<Place> {
  const stateFolder = join(root, '.kite')
  let content = await readFolder(files, root)
  const notWritable = await whyNotWritable(files, root)
  const environment = (await readOr(files, join(stateFolder, 'state.json'), stateFile))?.environment
  let isPrepared = false
  const prepareState = async (): Promise<void> => {
    if (isPrepared) return
    isPrepared = await ignoreInGit(files, stateFolder)
  }
  const callFile = (path: string): string => join(root, 'calls', `${checkCallPath(path)}${callSuffix}`)
  return {
    root,
    files,
    stateFolder,
    get content() {
      return content
    },
    get idl() {
      return content.file?.value.idl ?? { paths: [], includeDirs: [] }
    },
    get readOnly() {
      return content.newer ?? notWritable
    },
    environment,
    prepareState,
    rememberEnvironment: async (name) => {
      await prepareState()
      await writeAtomic(files, join(stateFolder, 'state.json'), documentText({ format: 1, ...(name === undefined ? {} : { environment: name }) }), 'private')
    },
    reload: async () => {
      content = await readFolder(files, root)
    },
    stored: (absolute) => storedPath(root, absolute),
    absolute: (stored) => machinePath(root, stored),
    setIdlPaths: (paths) => changeWorkspaceFile(files, root, content, paths),
    writeIdl: async (texts) => {
      for (const { name, text } of texts) await writeNewFile(files, join(root, 'idl', checkFileName(name)), text)
      return texts.map(({ name }) => `idl/${name}`)
    },
    saveCall: async (path, request, overwrite) => {
      const file = callFile(path)
      const raw = await existingCall(files, file, overwrite)
      await writeAtomic(files, file, documentText({ format: 1, ...omit(raw, ['format', 'request']), request: withUnknownKeys(request, raw['request']) }))
    },
    deleteCall: async (path) => {
      const file = callFile(path)
      try {
        await files.stat(file)
        await files.remove(file)
      } catch (caught) {
        throw isMissing(caught) ? readError(file, caught) : writeError(file, caught)
      }
    },
  }
}

/** Nothing opened: IDLs by absolute path in the data folder, no environments, no saved calls. */
export async function scratchPlace(files: Files, folder: string): Promise<Place> {
  const path = join(folder, 'scratch.json')
  const empty: FolderContent = { file: undefined, name: '', environments: [], calls: [], problems: [], newer: undefined }
  let paths = (await readOr(files, path, scratchFile))?.idl ?? []
  const noFolder = (): never => {
    throw fail('usage', 'workspace', 'workspace.noneOpen', {}, { hint: { key: 'workspace.noneOpenHint' } })
  }
  return {
    root: undefined,
    files,
    stateFolder: folder,
    content: empty,
    get idl() {
      return { paths, includeDirs: [] }
    },
    readOnly: undefined,
    environment: undefined,
    prepareState: async () => undefined,
    rememberEnvironment: async () => undefined,
    reload: async () => undefined,
    stored: (absolute) => absolute,
    absolute: (stored) => stored,
    setIdlPaths: async (next) => {
      paths = [...next]
      await writeAtomic(files, path, documentText({ format: 1, idl: paths }), 'private')
    },
    writeIdl: async (texts) => {
      const target = ({ name }: { readonly name: string }): string => join(folder, 'idl', checkFileName(name))
      for (const file of texts) await writeAtomic(files, target(file), file.text, 'private')
      return texts.map(target)
    },
    saveCall: async () => noFolder(),
    deleteCall: async () => noFolder(),
  }
}

async function changeWorkspaceFile(files: Files, root: string, { file, name }: FolderContent, paths: readonly string[]): Promise<void> {
  const path = join(root, 'kite.json')
  // An unreadable kite.json is never overwritten: reading it again tells what is wrong with it.
  const raw: JsonObject = file?.raw ?? (await readRawOr(files, path)) ?? { format: 1, name }
  const idl = raw['idl']
  const known = isObject(idl) ? idl : {}
  await writeAtomic(files, path, documentText({ ...raw, idl: { ...known, paths } }))
}

/** Undefined when missing; throws when unreadable. */
async function readRawOr(files: Files, path: string): Promise<JsonObject | undefined> {
  try {
    return (await readDocument(files, path, z.looseObject({}))).raw
  } catch (caught) {
    const error = KiteError.from(caught, 'workspace')
    if (error.data.text.key === 'workspace.missing') return undefined
    throw error
  }
}

async function existingCall(files: Files, path: string, overwrite: boolean): Promise<JsonObject> {
  try {
    const { raw, newer } = await readDocument(files, path, savedCallSchema)
    if (newer !== undefined) throw new KiteError(newer)
    if (overwrite) return raw
  } catch (caught) {
    const error = KiteError.from(caught, 'workspace')
    if (error.data.text.key === 'workspace.missing') return {}
    throw error
  }
  throw fail('file', 'workspace', 'workspace.callExists', { path }, { at: { file: path }, hint: { key: 'workspace.callExistsHint' } })
}

async function writeNewFile(files: Files, path: string, text: string): Promise<void> {
  const old = await textOr(files, path)
  if (old === text) return
  if (old !== undefined) throw fail('file', 'workspace', 'workspace.fileExists', { path }, { at: { file: path }, hint: { key: 'workspace.fileExistsHint' } })
  await writeAtomic(files, path, text)
}

async function textOr(files: Files, path: string): Promise<string | undefined> {
  try {
    return (await files.readFile(path)).toString('utf8')
  } catch (caught) {
    if (isMissing(caught)) return undefined
    throw readError(path, caught)
  }
}

/** State that is missing or unreadable is as good as none: it can be chosen again. */
async function readOr<S extends z.ZodType>(files: Files, path: string, schema: S): Promise<z.output<S> | undefined> {
  try {
    return (await readDocument(files, path, schema)).value
  } catch {
    return undefined
  }
}

/** `.kite/` ignores itself, so that nobody has to edit a .gitignore. */
async function ignoreInGit(files: Files, stateFolder: string): Promise<boolean> {
  const path = join(stateFolder, '.gitignore')
  try {
    if ((await textOr(files, path)) === undefined) await writeAtomic(files, path, '*\n', 'private')
    return true
  } catch {
    // The write that follows fails for the same reason and tells it.
    return false
  }
}

type Members = Readonly<Record<string, unknown>>

/** Known keys in the schema's order, then what a newer version or a person added. */
function withUnknownKeys(request: Members, raw: Json | undefined): Members {
  const ordered = Object.fromEntries(requestKeys.flatMap((key) => (request[key] === undefined ? [] : [[key, request[key]]])))
  return { ...ordered, ...(isObject(raw) ? omit(raw, requestKeys) : {}) }
}

const omit = (object: Members, keys: readonly string[]): Members => Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
