// A file is either the old one or the new one, never half of each: written beside itself under a name that nobody else uses, then
// renamed. A failed write leaves the old file and no litter.

import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { type Access, type Files, writeError } from './files.ts'

/** Writes the text, making the folder when it is missing. Throws KiteError `file`. */
export async function writeAtomic(files: Files, path: string, text: string, access: Access = 'shared'): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await files.makeFolder(folder, access)
    await files.writeFile(temporary, text, access)
    await files.rename(temporary, path)
  } catch (caught) {
    await removeQuietly(files, temporary)
    throw writeError(path, caught)
  }
}

async function removeQuietly(files: Files, path: string): Promise<void> {
  try {
    await files.remove(path)
  } catch {
    // The write's own error is the one to tell; a leftover temporary file is ignored by the reader, which wants `.kite.json`.
  }
}

/** A document as it stands in git: two spaces, final newline. */
export const documentText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
