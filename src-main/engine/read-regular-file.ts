// Files that a folder from elsewhere brings along are looked at before they are read: a link to a device never ends, and gigabytes under the
// name of a small document would fill memory before anybody could say what is wrong.

import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** Far beyond any document that people write. */
const maxBytes = 64 * 1024 * 1024

/** A pipe that nobody writes to would keep `open` waiting; Windows has no such pipes. */
const flags = process.platform === 'win32' ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK

/** Throws as node:fs does, and for what is no regular file or is too large. */
export async function readRegularFile(path: string): Promise<Buffer> {
  const file = await open(path, flags)
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw Object.assign(new Error(facts.isDirectory() ? 'EISDIR: it is a folder' : 'it is no regular file'), { code: 'EISDIR' })
    if (facts.size > maxBytes) throw Object.assign(new Error(`EFBIG: it has ${facts.size} bytes, at most ${maxBytes} are read`), { code: 'EFBIG' })
    return await file.readFile()
  } finally {
    await file.close()
  }
}
