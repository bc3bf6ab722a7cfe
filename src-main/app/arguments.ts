// What the user asked for on the command line: `electron . [workspace] [--demo]`, or KITE_WORKSPACE. Chromium's and Node's own switches
// are in the same list and are passed over.

import { resolve } from 'node:path'

export interface AppArguments {
  readonly workspace: string | undefined
  readonly demo: boolean
}

/** `argv` as Electron gives it; packed, the application's own folder is not among it. */
export function parseArguments(argv: readonly string[], isPackaged: boolean, cwd: string, env: Readonly<Record<string, string | undefined>>): AppArguments {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'))
  const own = isPackaged ? words : words.slice(1)
  const named = own[0] ?? env['KITE_WORKSPACE']
  return { workspace: named === undefined || named === '' ? undefined : resolve(cwd, named), demo: argv.includes('--demo') }
}
