// What a window may name on this machine's disk. The desktop's paths come from the system's dialogs and from files dropped by its user:
// it may name all that the user may read. A page has neither, and may sit on another machine: it names files of the open workspace, what
// the workspace itself lists, and nothing else.

import { fail } from '../../shared/base/error.ts'
import { type Workspace, inside, isReflection } from '../engine/index.ts'

export interface Reach {
  /** A page may not leave the workspace that it was given. */
  readonly isConfined: boolean
  /** Throws KiteError `unsupported` for the first path beyond reach. */
  check(paths: readonly (string | undefined)[]): void
  /** The same for the URL of a registry that is a file. */
  checkRegistry(url: string | undefined): void
  /** A page opens no port beyond loopback. Throws KiteError `unsupported`. */
  checkListen(address: string): void
}

/** The reach of a window, or of a page. */
export function reachOf(workspace: Workspace, isPage: boolean): Reach {
  const check: Reach['check'] = (paths) => {
    const { root, idl } = workspace.state
    for (const path of paths) {
      // A server that is asked for its IDL is an address, and no path.
      if (!isPage || path === undefined || isReflection(path) || idl.paths.includes(path) || idl.includeDirs.includes(path)) continue
      if (root === undefined || !isInside(root, path)) throw beyond(path)
    }
  }
  return {
    isConfined: isPage,
    check,
    checkRegistry: (url) => {
      const path = /^file:(?:\/\/)?(.+)$/.exec(url ?? '')?.[1]
      if (!workspace.state.environments.some(({ registry }) => registry === url)) check([path])
    },
    checkListen: (address) => {
      if (isPage && !/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(address)) throw fail('unsupported', 'ipc', 'workspace.pageListens', { address }, { hint: { key: 'workspace.pageListensHint' } })
    },
  }
}

export const beyond = (path: string) => fail('unsupported', 'ipc', 'workspace.pageReach', { path }, { hint: { key: 'workspace.pageReachHint' } })

function isInside(root: string, path: string): boolean {
  try {
    inside(root, path)
    return true
  } catch {
    return false
  }
}
