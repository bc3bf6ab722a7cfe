// What handlers work with: one engine, its areas already opened, and what only the host can do.

import type { Engine, Mocks, Telemetry, Workspace } from '../engine/index.ts'
import type { BigReplies } from './big-replies.ts'
import type { HostAbilities } from './abilities.ts'
import type { Reach } from './reach.ts'
import type { StreamSessions } from './stream-sessions.ts'

export interface HostParts {
  readonly reach: Reach
  readonly engine: Engine
  readonly workspace: Workspace
  /** Settles when the workspace that was asked for at the start is open, or could not be opened. */
  readonly opened: Promise<unknown>
  readonly traces: Telemetry
  /** Streams of the calls that run, and of the last ones that ended. */
  readonly streams: StreamSessions
  /** Replies of which windows have the beginning only. */
  readonly bigReplies: BigReplies
  /** Loaded when a mock is first asked for. */
  mocks(): Promise<Mocks>
  readonly abilities: HostAbilities
  /** Starts the demo, once, and gives its workspace folder. */
  demo(): Promise<string>
}
