// An archive as a source of IDL files: recognised by its bytes, since names say little.

import { ArchiveError, type ArchiveLimits, type Member } from './members.ts'
import { isTar, readTar, readTarGz } from './tar.ts'
import { readZip } from './zip.ts'

export { ArchiveError, type Member }

export type ArchiveKind = 'zip' | 'gzip' | 'tar'

/** What kind of archive these bytes begin. */
export function archiveKind(bytes: Buffer): ArchiveKind | undefined {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0x504b0304) return 'zip'
  if (bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  return isTar(bytes) ? 'tar' : undefined
}

/** The wanted members, their names made safe: no absolute paths, no way out. Throws {@link ArchiveError}. */
export async function readArchive(kind: ArchiveKind, bytes: Buffer, wants: (name: string) => boolean, limits: ArchiveLimits): Promise<readonly Member[]> {
  const isWanted = (name: string): boolean => wants(name) && isInside(name)
  if (kind === 'zip') return readZip(bytes, isWanted, limits)
  return kind === 'gzip' ? readTarGz(bytes, isWanted, limits) : readTar(bytes, isWanted, limits)
}

const isInside = (name: string): boolean => !/^([/\\]|[A-Za-z]:)/.test(name) && !name.split(/[/\\]/).includes('..')
