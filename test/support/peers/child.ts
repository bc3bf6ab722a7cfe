// Runs the programs that tests need: to their end with their output, or until they announce themselves in one JSON line. A peer
// that is left behind ends by itself, since its standard input closes with this process.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const readyWithinMs = 20_000
const stopWithinMs = 5000

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs a program to its end; throws with its error output when it fails. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  // A program may end before it has read all; its exit code tells.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${Buffer.concat(err).toString()}`)
  return Buffer.concat(out).toString()
}

/** A peer that runs until it is stopped. */
export interface RunningPeer {
  readonly ports: Readonly<Record<string, number>>
  readonly pid: number
  /** Default SIGTERM; waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts a program whose first line on stdout is `{"ports": {…}}`. */
export async function startPeer(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunningPeer> {
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const err: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  const line = await firstLine(child).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw new Error(`${program} did not get ready: ${String(error)}\n${Buffer.concat(err).toString()}`)
  })
  const { ports } = JSON.parse(line) as { readonly ports: Record<string, number> }
  return { ports, pid: child.pid ?? 0, stop: (signal = 'SIGTERM') => stop(child, signal) }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no word within ${readyWithinMs} ms`)), readyWithinMs)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).once('line', (line) => {
        clearTimeout(timer)
        resolve(line)
      })
    }
  })
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await ended
  clearTimeout(timer)
}
