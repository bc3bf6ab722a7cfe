// Whether a path stays in a folder, also after links were followed: for requests of people who may use a workspace and not the machine.

import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'

/** The path as it stands from that folder. Throws when it, or the file that a link makes of it, lies outside. */
export function inside(folder: string, path: string): string {
  const file = resolve(folder, path)
  // Looked at before the disk is: an answer must not tell what there is elsewhere.
  if (!isWithin(resolve(folder), file) || !isWithin(realpathSync(folder), realOf(file))) throw new Error(`${path} is not in ${folder}`)
  return file
}

/** Of a file that is not there, the nearest folder above it that is, with the rest of the path. */
function realOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    const parent = resolve(file, '..')
    return parent === file ? file : resolve(realOf(parent), relative(parent, file))
  }
}

/** The same as a question. */
export function isInside(folder: string, path: string): boolean {
  try {
    inside(folder, path)
    return true
  } catch {
    return false
  }
}

function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
