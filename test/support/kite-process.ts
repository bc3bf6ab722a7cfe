// A `kite` that goes on running: waits for what it says, stops it as Ctrl-C would.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { startKite, type KiteOptions } from './run-kite.ts'

export interface RunningKite {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Resolves with the match once stdout and stderr together hold it. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** SIGINT, then the exit code. */
  stop(): Promise<number | null>
}

/** Starts it; a test must `stop` it. */
export function keepKite(args: readonly string[], options: KiteOptions = {}): RunningKite {
  const child = startKite(args, options)
  let out = ''
  let err = ''
  const checks = new Set<() => void>()
  const hear = (into: 'out' | 'err') => (chunk: Buffer): void => {
    if (into === 'out') out += chunk.toString()
    else err += chunk.toString()
    for (const check of checks) check()
  }
  child.stdout?.on('data', hear('out'))
  child.stderr?.on('data', hear('err'))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    says: (pattern) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`it never said ${pattern}; stdout: ${out}; stderr: ${err}`)), options.deadlineMs ?? 20_000)
      const check = (): void => {
        const match = pattern.exec(`${out}\n${err}`)
        if (match !== null) finish(match)
      }
      const finish = (result: RegExpExecArray | Error): void => {
        clearTimeout(timer)
        checks.delete(check)
        if (result instanceof Error) reject(result)
        else resolve(result)
      }
      checks.add(check)
      void ended.then((code) => {
        check()
        if (checks.has(check)) finish(new Error(`it ended with ${code} before it said ${pattern}; stdout: ${out}; stderr: ${err}`))
      })
      check()
    }),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      const code = await ended
      clearTimeout(timer)
      return code
    },
  }
}
