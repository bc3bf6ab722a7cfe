// What a window may name on this machine. The desktop's paths come from the system's dialogs and from files dropped by its user: it may name
// all that the user may read. A page has neither, and may sit on another machine: it reads files of the open workspace and what the
// workspace itself lists, writes none, and dials the network and no sockets of this machine's file system.

import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fail } from '../../shared/base/error.ts'
import { isReflection, readReflectionPath } from '../../shared/logic/reflection-path.ts'
import { type IdlBounds, type Workspace, isInside, isSocketPath } from '../engine/index.ts'

/** All throw KiteError `unsupported` for the first thing beyond reach. Paths come back as they are to be opened: a page's start at its workspace. */
export interface Reach {
  /** A page may not leave the workspace that it was given. */
  readonly isConfined: boolean
  /** How far the files of IDLs may include others. */
  idlBounds(): IdlBounds
  /** Files, folders and servers as sources of IDLs. */
  idl(paths: readonly string[]): readonly string[]
  /** A file to read. */
  file(path: string): string
  /** A folder to open as workspace. */
  folder(path: string): string
  /** A file to write: a page's browser saves by itself. */
  target(path: string): string
  /** The URL of a registry, which may be a file. */
  checkRegistry(url: string | undefined): void
  /** Where is dialled. */
  checkAddresses(addresses: readonly string[]): void
  /** A page opens no port beyond loopback. */
  checkListen(address: string): void
}

/** The reach of a window, or of a page. `dataDir`: where IDLs are kept that came while no workspace was open. */
export const reachOf = (workspace: Workspace, isPage: boolean, dataDir: string): Reach => (isPage ? pageReach(workspace, dataDir) : everything)

const everything: Reach = {
  isConfined: false,
  idlBounds: () => ({}),
  idl: (paths) => paths,
  file: (path) => path,
  folder: (path) => path,
  target: (path) => path,
  checkRegistry: () => undefined,
  checkAddresses: () => undefined,
  checkListen: () => undefined,
}

function pageReach(workspace: Workspace, dataDir: string): Reach {
  // A relative path starts at the workspace, wherever the server was started: what is checked and what is opened are one path.
  const file = (path: string): string => {
    const { root } = workspace.state
    if (root === undefined || !isInside(root, path)) throw beyond(path)
    return resolve(root, path)
  }
  const listed = (): readonly string[] => [...workspace.state.idl.paths, ...workspace.state.idl.includeDirs]
  const checkAddresses: Reach['checkAddresses'] = (addresses) => {
    for (const address of addresses) if (isSocketPath(address)) throw beyond(address)
  }
  const idl = (path: string): string => {
    if (listed().includes(path)) return isReflection(path) ? path : resolve(workspace.state.root ?? '', path)
    if (!isReflection(path)) return file(path)
    const { address, tls } = readReflectionPath(path) ?? {}
    if (address !== undefined) checkAddresses([address])
    if (tls?.caFile !== undefined) file(tls.caFile)
    return path
  }
  return {
    isConfined: true,
    idlBounds: () => boundsOf(workspace.state.root, listed(), dataDir),
    idl: (paths) => paths.map(idl),
    file,
    folder: (path) => {
      const { root } = workspace.state
      // Not one within it either: what pages may write there must not become the list of what they may read.
      if (root === undefined || resolve(root, path) !== root) throw beyond(path)
      return root
    },
    target: (path) => {
      throw beyond(path)
    },
    checkRegistry: (url) => {
      const path = /^file:(?:\/\/)?(.+)$/s.exec(url ?? '')?.[1]
      if (path !== undefined && !workspace.state.environments.some(({ registry }) => registry === url)) file(path)
    },
    checkAddresses,
    checkListen: (address) => {
      if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(address)) throw fail('unsupported', 'ipc', 'workspace.pageListens', { address }, { hint: { key: 'workspace.pageListensHint' } })
    },
  }
}

/** The workspace, and beyond it what it lists: folders, and files with what stands beside them. */
function boundsOf(open: string | undefined, listed: readonly string[], dataDir: string): IdlBounds {
  const root = open ?? resolve(dataDir, 'scratch', 'idl')
  const outside = listed.filter((path) => !isReflection(path)).map((path) => resolve(root, path)).filter((path) => !isInside(root, path))
  return { confineTo: root, besides: [...new Set(outside.flatMap((path) => (isFolder(path) ? [path] : [path, dirname(path)])))] }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const beyond = (path: string) => fail('unsupported', 'ipc', 'workspace.pageReach', { path }, { hint: { key: 'workspace.pageReachHint' } })
