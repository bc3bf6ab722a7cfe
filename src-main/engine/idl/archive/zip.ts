// Reads the files of a zip archive that a caller wants (APPNOTE 6.3.10: end of central directory, central headers, local headers; stored and
// deflated members). Every length is checked against the bytes that are there, and inflating stops at a budget: a small archive may claim
// and hold gigabytes.

import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { ArchiveError, type ArchiveLimits, type Member } from './members.ts'

const inflate = promisify(inflateRaw)
const endSignature = 0x06054b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const endLength = 22
const centralLength = 46
const localLength = 30
/** The end record may be followed by a comment of so many bytes. */
const maxComment = 65_535
const encryptedFlag = 1

/** Members whose name the filter takes, in the order of the archive. */
export async function readZip(bytes: Buffer, wants: (name: string) => boolean, limits: ArchiveLimits): Promise<readonly Member[]> {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count === 0xffff || at === 0xffffffff) throw new ArchiveError('zip64')
  const members: Member[] = []
  let budget = limits.totalBytes
  for (let index = 0; index < count; index++) {
    if (at + centralLength > bytes.length || bytes.readUInt32LE(at) !== centralSignature) throw new ArchiveError('truncated')
    const entry = entryAt(bytes, at)
    at = entry.next
    if (entry.name.endsWith('/') || !wants(entry.name)) continue
    if (members.length >= limits.members) throw new ArchiveError('members')
    const content = await contentOf(bytes, entry, Math.min(budget, limits.memberBytes))
    budget -= content.length
    members.push({ name: entry.name, content })
  }
  return members
}

interface Entry {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly packed: number
  readonly local: number
  readonly next: number
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - endLength; at >= Math.max(0, bytes.length - endLength - maxComment); at--) {
    if (bytes.readUInt32LE(at) === endSignature) return at
  }
  throw new ArchiveError('truncated')
}

function entryAt(bytes: Buffer, at: number): Entry {
  const nameLength = bytes.readUInt16LE(at + 28)
  const next = at + centralLength + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  return {
    name: bytes.toString('utf8', at + centralLength, at + centralLength + nameLength),
    flags: bytes.readUInt16LE(at + 8), method: bytes.readUInt16LE(at + 10), packed: bytes.readUInt32LE(at + 20), local: bytes.readUInt32LE(at + 42), next,
  }
}

async function contentOf(bytes: Buffer, { local, packed, method, flags }: Entry, limit: number): Promise<Buffer> {
  if ((flags & encryptedFlag) !== 0) throw new ArchiveError('encrypted')
  if (local + localLength > bytes.length || bytes.readUInt32LE(local) !== localSignature) throw new ArchiveError('truncated')
  const from = local + localLength + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  if (from + packed > bytes.length) throw new ArchiveError('truncated')
  const data = bytes.subarray(from, from + packed)
  if (method === 0) {
    if (data.length > limit) throw new ArchiveError('size')
    return data
  }
  if (method !== 8) throw new ArchiveError('method')
  return inflated(data, limit)
}

async function inflated(data: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflate(data, { maxOutputLength: Math.max(1, limit) })
  } catch (caught) {
    throw new ArchiveError(caught instanceof RangeError ? 'size' : 'broken')
  }
}
