// A display for windows: the user's own, or for tests a virtual one that this process starts and stops. Its number is chosen by the
// server itself, so that two test runs never meet.

import { spawn } from 'node:child_process'
import { has } from './run.js'
import { LaunchError } from './say.js'
import { commandFor, installIfAllowed, isRoot } from './system.js'

export const hasDisplay = (env = process.env) => process.platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)

/** Chromium's own sandbox cannot start as root or in most CI containers: there, and only there, it is off. */
export const sandboxFlags = () => (process.platform === 'linux' && (isRoot() || process.env.CI) ? ['--no-sandbox'] : [])

const startMs = 15_000

/** `{ env, stop }`: the environment in which windows can open. A virtual display also keeps tests off the user's screen. */
export async function virtualDisplay() {
  if (process.platform !== 'linux') return { env: {}, stop: () => {} }
  if (!(await has('Xvfb'))) await installIfAllowed(['xvfb', 'xauth'])
  if (!(await has('Xvfb'))) {
    if (hasDisplay()) return { env: {}, stop: () => {} }
    throw new LaunchError('display.noXvfb', { command: commandFor(['xvfb', 'xauth']) })
  }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '2560x1600x24', '-nolisten', 'tcp', '-noreset'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = await displayNumber(server)
  return { env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' }, stop: () => server.kill() }
}

function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new LaunchError('display.xvfbFailed', {}))
    const timer = setTimeout(failed, startMs)
    server.on('error', failed).on('exit', failed)
    server.stdio[3].once('data', (chunk) => {
      clearTimeout(timer)
      resolve(String(chunk).trim())
    })
  })
}
