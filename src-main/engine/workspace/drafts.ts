// What is being typed, saved every moment so that a crash loses nothing. A drafts file that cannot be read is put aside, never
// overwritten: someone's half-written request is in it.

import { join } from 'node:path'
import type { ErrorData } from '../../../shared/base/error.ts'
import { KiteError } from '../../../shared/base/error.ts'
import { type Drafts, draftsSchema } from '../../../shared/model/workspace.ts'
import { readDocument } from './document.ts'
import type { Files } from './files.ts'
import { createQueue } from './serial.ts'
import { documentText, writeAtomic } from './write-atomic.ts'

/** The drafts of one folder. */
export interface DraftStore {
  /** Empty when there are none or they cannot be read; then `problem` says so. */
  load(): Promise<Drafts>
  /** Throws KiteError `file`. */
  save(drafts: Drafts): Promise<void>
  readonly problem: ErrorData | undefined
}

export const noDrafts: Drafts = { format: 1, tabs: [] }

/** `folder` is `.kite` of a workspace, or the data folder's scratch. */
export function createDraftStore(files: Files, folder: string): DraftStore {
  const path = join(folder, 'drafts.json')
  const queue = createQueue()
  let memory: Drafts | undefined
  let problem: ErrorData | undefined
  const load = async (): Promise<Drafts> => {
    if (memory !== undefined) return memory
    try {
      return (await readDocument(files, path, draftsSchema)).value
    } catch (caught) {
      const { data } = KiteError.from(caught, 'workspace')
      if (data.text.key === 'workspace.missing') return noDrafts
      problem = data
      await putAside(files, path)
      return noDrafts
    }
  }
  const save = async (drafts: Drafts): Promise<void> => {
    // Kept for this run even when the disk refuses: switching windows or languages then loses nothing.
    memory = drafts
    await writeAtomic(files, path, documentText(drafts), 'private')
    memory = undefined
  }
  return {
    load: () => queue(load),
    save: (drafts) => queue(() => save(drafts)),
    get problem() {
      return problem
    },
  }
}

/** Keeps an unreadable file under another name before its place is written to. */
export async function putAside(files: Files, path: string): Promise<void> {
  try {
    await files.rename(path, `${path.replace(/\.json$/, '')}.unreadable-${Date.now()}.json`)
  } catch {
    // A folder that cannot be written to will not be overwritten either.
  }
}
