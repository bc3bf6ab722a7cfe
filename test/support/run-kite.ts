// Runs the built `kite` as a person or script would: a process of its own, arguments in, exit code and both streams out.

import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const kitePath = resolve(root, 'dist/cli/kite.cjs')

export interface KiteResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface KiteOptions {
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Kills the process and fails; a test must end. */
  readonly deadlineMs?: number
}

/** The environment of a test: English, no colour, nothing of the developer's own settings. */
function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { KITE_LANG: _lang, LC_ALL: _all, LC_MESSAGES: _messages, NO_COLOR: _color, ...inherited } = process.env
  return { ...inherited, LANG: 'en_US.UTF-8', ...extra }
}

/** Starts `kite` and leaves it running; the caller stops it. */
export function startKite(args: readonly string[], options: KiteOptions = {}): ChildProcess {
  return spawn(process.execPath, [kitePath, ...args], { cwd: options.cwd ?? root, env: environment(options.env), stdio: 'pipe' })
}

/** Runs `kite` to its end. */
export async function runKite(args: readonly string[], options: KiteOptions = {}): Promise<KiteResult> {
  const child = startKite(args, options)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.stdin ?? '')
  const timer = setTimeout(() => child.kill('SIGKILL'), options.deadlineMs ?? 30_000)
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done))
  clearTimeout(timer)
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}
