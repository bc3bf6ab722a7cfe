// The demo's workspace is copied before it is opened, so that people may change it; what they changed is never overwritten. Files are read
// and written one by one, because inside a packed application there is no folder to copy.

import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KiteError, fail } from '../../../shared/base/error.ts'

/** Beside this file, or where the build puts it for a bundle in dist/<part> or dist/<part>/<folder>. */
const homes = ['assets/workspace', '../assets/demo/workspace', '../../assets/demo/workspace']

/** Copies what is not there yet. Throws KiteError `file` when the folder cannot be written. */
export async function copyWorkspace(folder: string): Promise<void> {
  const source = homes.map((home) => join(import.meta.dirname, home)).find((path) => existsSync(join(path, 'kite.json')))
  if (source === undefined) throw fail('file', 'workspace', 'demo.noFiles', { folders: homes })
  try {
    await copyInto(source, folder)
  } catch (caught) {
    throw fail('file', 'workspace', 'demo.cannotCopy', { folder }, { hint: { key: 'demo.cannotCopyHint' }, cause: KiteError.from(caught, 'workspace').data })
  }
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isDirectory()) await copyInto(join(from, entry.name), join(to, entry.name))
    else await copyFile(join(from, entry.name), join(to, entry.name))
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  if (existsSync(to)) return
  await mkdir(dirname(to), { recursive: true })
  await writeFile(to, await readFile(from))
}
