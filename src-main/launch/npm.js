// npm as a program: the one that runs us where there is one, else the one on the PATH. Its failures are told apart, since "offline",
// "disk full" and "not permitted" each have another next step.

import { runProgram } from './run.js'

/** Few and short retries: somebody is waiting, and an absent network is told within seconds. */
const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=4000']

export function runNpm(args, options = {}) {
  const script = process.env.npm_execpath
  const all = [...args, ...patience]
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) return runProgram(process.execPath, [script, ...all], options)
  return runProgram(process.platform === 'win32' ? 'npm.cmd' : 'npm', all, { shell: process.platform === 'win32', ...options })
}

/** Why npm failed, as the last part of a message key. */
export function reasonOf(output) {
  if (/ENOSPC/.test(output)) return 'noSpace'
  if (/EACCES|EPERM|EROFS/.test(output)) return 'noPermission'
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|network/i.test(output)) return 'offline'
  return 'other'
}
