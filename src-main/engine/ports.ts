// What a host gives the engine: time, chance, a place for logs, a folder to keep things in. Sockets and files are not ports: tests use
// real ones.

import type { Clock } from './kernel/clock.ts'
import { systemClock } from './kernel/clock.ts'

export interface Logger {
  /** `message` is for developers, not for the screen; what users must know travels in results. */
  warn(message: string, detail?: Readonly<Record<string, unknown>>): void
}

export interface EnginePorts {
  readonly clock: Clock
  /** Numbers in [0, 1): ids and the seeds of calls that were given none. */
  readonly random: () => number
  readonly log: Logger
  /** Relative paths of requests and of `file:` registries start here. */
  readonly baseDir: string
  /** The engine's own folder: history, drafts, settings; undefined keeps everything in memory. */
  readonly dataDir: string | undefined
}

/** What nearly every host passes. */
export const systemPorts = (more: Partial<EnginePorts> = {}): EnginePorts => ({
  clock: systemClock,
  random: Math.random,
  log: { warn: () => undefined },
  baseDir: process.cwd(),
  dataDir: undefined,
  ...more,
})
