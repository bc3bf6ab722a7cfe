// What readers of archives have in common: members, limits, and why an archive is refused.

export interface Member {
  readonly name: string
  readonly content: Buffer
}

export interface ArchiveLimits {
  readonly members: number
  readonly memberBytes: number
  readonly totalBytes: number
}

/** `size` and `members`: beyond the limits; `zip64`, `method`, `encrypted`: forms that are not read. */
export type ArchiveProblem = 'truncated' | 'broken' | 'size' | 'members' | 'zip64' | 'method' | 'encrypted'

export class ArchiveError extends Error {
  readonly problem: ArchiveProblem

  constructor(problem: ArchiveProblem) {
    super(`archive: ${problem}`)
    this.problem = problem
  }
}
