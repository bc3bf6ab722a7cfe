// What the launcher says goes to stderr in the user's language, so that stdout stays the program's own (`npm run kite -- … | jq`).

import { words } from './words.js'

/** The launcher's own failures: `text` is already worded, so nobody sees a stack for a missing library. */
export class LaunchError extends Error {
  constructor(key, params = {}, cause) {
    super(word(key, params), cause === undefined ? {} : { cause })
    this.name = 'LaunchError'
  }
}

export function language(env = process.env) {
  const wanted = env.KITE_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return wanted.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export function word(key, params = {}, tongue = language()) {
  const pattern = words[tongue][key]
  if (pattern === undefined) throw new Error(`believed: the launcher's words have ${key}`)
  return pattern.replace(/\{\{(\w+)\}\}/g, (_, name) => String(params[name]))
}

export function say(key, params = {}) {
  process.stderr.write(`${word(key, params)}\n`)
}
