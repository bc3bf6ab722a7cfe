// A disk in memory, for hosts that leave nothing behind (one command of the command line, tests of other areas). Only what settings,
// history and drafts need: paths are keys, folders need not exist.

import { dirname } from 'node:path'
import type { Files } from './files.ts'

/** An empty disk. */
export function memoryFiles(): Files {
  const contents = new Map<string, Buffer>()
  const get = (path: string): Buffer => {
    const found = contents.get(path)
    if (found === undefined) throw Object.assign(new Error(`${path} is not there`), { code: 'ENOENT' })
    return found
  }
  return {
    readFile: async (path) => get(path),
    writeFile: async (path, text) => void contents.set(path, Buffer.from(text)),
    appendFile: async (path, text) => void contents.set(path, Buffer.concat([contents.get(path) ?? Buffer.alloc(0), Buffer.from(text)])),
    rename: async (from, to) => {
      contents.set(to, get(from))
      contents.delete(from)
    },
    remove: async (path) => void contents.delete(path),
    makeFolder: async () => undefined,
    list: async (path) => [...contents.keys()].filter((file) => dirname(file) === path).map((file) => ({ name: file.slice(path.length + 1), isFolder: false })),
    stat: async (path) => ({ isFolder: false, size: get(path).length, id: path }),
    mayWrite: async () => undefined,
    readRange: async (path, start, length) => get(path).subarray(start, start + length),
  }
}
