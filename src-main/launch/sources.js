// A build is stale when the content of what it is made of differs: content, not times, so that a fresh clone or a branch switch
// neither rebuilds for nothing nor forgets to.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { root } from './paths.js'

export function* filesUnder(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesUnder(path)
    else if (!entry.name.endsWith('.md')) yield path
  }
}

/** Hash over files and folders named relative to the root; those that do not exist count as empty. */
export function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((name) => expand(join(root, name)))) {
    hash.update(relative(root, path).split(sep).join('/')).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function expand(path) {
  if (!existsSync(path)) return []
  return statSync(path).isDirectory() ? [...filesUnder(path)] : [path]
}
