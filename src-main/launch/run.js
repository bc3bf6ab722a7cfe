// Runs a program to its end. Its output goes to stderr (or is kept), so that stdout stays free for what the user asked for.

import { spawn } from 'node:child_process'

/**
 * Resolves with the exit code and what was kept of the output; never rejects for a failing program, only for one that cannot start.
 * `show`: 'live' passes output on, 'keep' only keeps it.
 */
export function runProgram(command, args, { show = 'live', deadlineMs = 0, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    const kept = []
    const take = (chunk) => {
      kept.push(chunk)
      if (show === 'live') process.stderr.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const timer = deadlineMs > 0 ? setTimeout(() => child.kill('SIGKILL'), deadlineMs) : undefined
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, output: Buffer.concat(kept).toString() })
    })
  })
}

/** Whether a program is on the PATH. */
export async function has(program) {
  const finder = process.platform === 'win32' ? 'where' : 'which'
  try {
    return (await runProgram(finder, [program], { show: 'keep' })).code === 0
  } catch {
    return false
  }
}

/** Starts a program on the user's own terminal and gives its exit code; Ctrl-C reaches the program, which decides how to end. */
export function inTerminal(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const ignore = () => {}
    const pass = () => child.kill('SIGTERM')
    process.on('SIGINT', ignore).on('SIGTERM', pass)
    child.on('error', reject).on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}
