// The default reader. It looks before it reads: a directory, a device or a file of gigabytes must end in a message, not in a
// process that is out of memory.

import { readFileSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { maxFileBytes } from './read-source.ts'

/** Up to here reading at once takes less than handing it to another thread, which for a single call must even be started. */
const smallBytes = 1024 * 1024

/** Reads a file or pipe whole, up to the limit; throws errors with `code` as node:fs does (`EFBIG` above the limit). */
export async function readFromDisk(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const seen = statSync(path)
  if (seen.isFile() && seen.size <= smallBytes) return readFileSync(path)
  const handle = await open(path, 'r')
  try {
    const info = await handle.stat()
    if (info.isDirectory()) throw withCode('EISDIR')
    if (info.size > maxFileBytes) throw withCode('EFBIG')
    if (info.isFile()) return await handle.readFile({ ...(signal === undefined ? {} : { signal }) })
    return await readStream(handle.createReadStream({ autoClose: false, ...(signal === undefined ? {} : { signal }) }))
  } finally {
    await handle.close()
  }
}

async function readStream(stream: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxFileBytes) throw withCode('EFBIG')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const withCode = (code: string): Error => Object.assign(new Error(code), { code })
