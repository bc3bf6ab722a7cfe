// What handlers work with: one engine, its areas already opened, and what only the host can do.

import type { Event } from '../../shared/base/emitter.ts'
import type { MockHit, MockOptions, MockStatus } from '../../shared/model/mock.ts'
import type { Engine, Telemetry, Workspace } from '../engine/index.ts'
import type { HostAbilities } from './abilities.ts'

/** The mock servers that this host runs. */
export interface Mocks {
  start(options: MockOptions): Promise<MockStatus>
  stop(id: string): Promise<void>
  list(): readonly MockStatus[]
  readonly onDidChange: Event<readonly MockStatus[]>
  readonly onDidHit: Event<MockHit>
}

export interface HostParts {
  readonly engine: Engine
  readonly workspace: Workspace
  /** Settles when the workspace that was asked for at the start is open, or could not be opened. */
  readonly opened: Promise<unknown>
  readonly traces: Telemetry
  readonly mocks: Mocks
  readonly abilities: HostAbilities
  /** Starts the demo, once, and gives its workspace folder. */
  demo(): Promise<string>
}
