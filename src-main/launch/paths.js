// Where things lie, told once. The cache is outside the work tree and keyed by version, so that clones share it and removing it is safe.

import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export const inRoot = (...parts) => join(root, ...parts)

export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME
  if (base !== undefined && base !== '') return join(base, 'kite-console')
  if (process.platform === 'win32' && process.env.LOCALAPPDATA) return join(process.env.LOCALAPPDATA, 'kite-console', 'Cache')
  return join(homedir(), '.cache', 'kite-console')
}
