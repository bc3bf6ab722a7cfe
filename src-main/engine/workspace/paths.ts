// Paths as workspace files hold them: relative to the workspace folder, with forward slashes, so that a clone on another machine reads
// the same. What a window names for a saved call must stay inside calls/.

import { isAbsolute, relative, resolve, sep } from 'node:path'
import { fail } from '../../../shared/base/error.ts'
import { isReflection, readReflectionPath, reflectionPathOf } from '../../../shared/logic/reflection-path.ts'

/** How the workspace file writes a path of this machine. Throws KiteError `file` for another drive, which no relative path reaches. */
export function storedPath(root: string, absolute: string): string {
  const path = relative(root, absolute)
  if (isAbsolute(path)) throw fail('file', 'workspace', 'workspace.otherDrive', { path: absolute, root }, { hint: { key: 'workspace.otherDriveHint' } })
  return path === '' ? '.' : path.split(sep).join('/')
}

/** The path of this machine that a workspace file means; a server that is asked for its IDL stays as it is, but for the file of its authority. */
export function machinePath(root: string, stored: string): string {
  if (!isReflection(stored)) return resolve(root, stored)
  return withAuthority(stored, (file) => resolve(root, file))
}

/** The path of a server whose authority's file is written another way. */
export function withAuthority(path: string, written: (file: string) => string): string {
  const { address, tls, unknown = [] } = readReflectionPath(path) ?? {}
  return tls?.caFile === undefined || unknown.length > 0 ? path : reflectionPathOf(address, { ...tls, caFile: written(tls.caFile) })
}

const unusable = /[<>:"|?*\\\u0000-\u001f]/

/** A saved call's name such as `user/get user`, checked: it names a file below calls/ on every system. */
export function checkCallPath(path: string): string {
  const parts = path.split('/')
  const isUsable = parts.every((part) => part !== '' && !part.startsWith('.') && !/[. ]$/.test(part) && !unusable.test(part))
  if (isUsable && path.length <= 200) return path
  throw fail('usage', 'workspace', 'workspace.badCallPath', { path }, { hint: { key: 'workspace.badCallPathHint' } })
}

/** Turns the name of a dropped file into a plain file name. Throws KiteError `usage` where it would be hidden or leave its folder. */
export function checkFileName(name: string): string {
  if (name !== '' && !name.startsWith('.') && !name.includes('/') && !unusable.test(name)) return name
  throw fail('usage', 'workspace', 'workspace.badFileName', { name })
}
