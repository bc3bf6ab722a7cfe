// Reads the files of a tar archive that a caller wants: ustar, GNU long names and pax paths, which are all that `tar` and `git archive` write.

import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { ArchiveError, type ArchiveLimits, type Member } from './members.ts'

const unzip = promisify(gunzip)
const block = 512
/** More than the members that are wanted: archives hold other files too. */
const slack = 2

/** The tar within a gzip file. */
export async function readTarGz(bytes: Buffer, wants: (name: string) => boolean, limits: ArchiveLimits): Promise<readonly Member[]> {
  let plain: Buffer
  try {
    plain = await unzip(bytes, { maxOutputLength: limits.totalBytes * slack })
  } catch (caught) {
    throw new ArchiveError(caught instanceof RangeError ? 'size' : 'broken')
  }
  return readTar(plain, wants, limits)
}

/** Members whose name the filter takes, in the order of the archive. */
export function readTar(bytes: Buffer, wants: (name: string) => boolean, limits: ArchiveLimits): readonly Member[] {
  const members: Member[] = []
  let budget = limits.totalBytes
  let longName: string | undefined
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const size = octal(bytes, at + 124, 12)
    const from = at + block
    if (size === undefined || from + size > bytes.length) throw new ArchiveError('truncated')
    const content = bytes.subarray(from, from + size)
    const kind = String.fromCharCode(bytes[at + 156] ?? 0)
    const name = longName ?? nameAt(bytes, at)
    at = from + Math.ceil(size / block) * block
    if (kind === 'L') longName = textOf(content)
    else if (kind === 'x') longName = paxPath(content)
    else {
      longName = undefined
      if ((kind !== '0' && kind !== '\0') || !wants(name)) continue
      if (members.length >= limits.members) throw new ArchiveError('members')
      budget -= size
      if (budget < 0 || size > limits.memberBytes) throw new ArchiveError('size')
      members.push({ name, content })
    }
  }
  return members
}

/** True for the header of a tar member. */
export const isTar = (bytes: Buffer): boolean => bytes.length >= block && bytes.toString('latin1', 257, 262) === 'ustar'

function octal(bytes: Buffer, from: number, length: number): number | undefined {
  const text = textOf(bytes.subarray(from, from + length)).trim()
  return /^[0-7]*$/.test(text) ? Number.parseInt(text === '' ? '0' : text, 8) : undefined
}

function nameAt(bytes: Buffer, at: number): string {
  const name = textOf(bytes.subarray(at, at + 100))
  const prefix = bytes.toString('latin1', at + 257, at + 262) === 'ustar' ? textOf(bytes.subarray(at + 345, at + 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

// Records of the form `27 path=some/long/name\n`, the number counting the record's bytes.
function paxPath(content: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1]
}
