// The workspace as a single command sees it: found upward from where the command runs, read once, not watched, nothing written. A window
// opens the workspace instead (workspace.ts).

import { dirname, join, resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import { fail } from '../../../shared/base/error.ts'
import type { WorkspaceState } from '../../../shared/model/workspace.ts'

export interface ContextQuestion {
  /** `-C`: this folder, which must exist; absent: the nearest folder upward that holds kite.json, and perhaps none. */
  readonly folder: string | undefined
  /** `--env`; absent: the one chosen last in the window, else the first. */
  readonly environment: string | undefined
}

export interface WorkspaceContext {
  readonly root: string
  readonly state: WorkspaceState
  /** Absolute paths of all IDL files. */
  readonly idl: { readonly paths: readonly string[]; readonly includeDirs: readonly string[] }
  readonly registry: { readonly url: string; readonly baseDir: string } | undefined
}

/** Throws KiteError `file` for a folder that cannot be read, `usage` for an environment that is not there. */
export async function readContext(baseDir: string, { folder, environment }: ContextQuestion): Promise<WorkspaceContext | undefined> {
  const root = folder === undefined ? await nearestWorkspace(baseDir) : resolve(baseDir, folder)
  if (root === undefined) {
    if (environment !== undefined) throw fail('usage', 'workspace', 'workspace.noneForEnvironment', { name: environment }, { hint: { key: 'workspace.noneFoundHint' } })
    return undefined
  }
  const { createWorkspace } = await import('./workspace.ts')
  const workspace = await createWorkspace({ dataFolder: undefined, watch: false })
  try {
    const state = await workspace.open(root)
    const chosen = environment ?? state.environment
    const found = state.environments.find(({ name }) => name === chosen)
    if (environment !== undefined && found === undefined) {
      const known = state.environments.map(({ name }) => name)
      if (known.length === 0) throw fail('usage', 'workspace', 'workspace.noEnvironments', { name: environment })
      throw fail('usage', 'workspace', 'workspace.noEnvironment', { name: environment, known })
    }
    const registry = found?.registry === undefined ? undefined : { url: found.registry, baseDir: root }
    return { root, state, idl: await workspace.idlSource(), registry }
  } finally {
    workspace.dispose()
  }
}

async function nearestWorkspace(start: string): Promise<string | undefined> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (await stat(join(folder, 'kite.json')).then((found) => found.isFile(), () => false)) return folder
    if (dirname(folder) === folder) return undefined
  }
}
