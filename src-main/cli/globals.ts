// The flags that every command takes, wherever on the line they stand. They are taken out before the command's own parser runs, so
// that no command has to declare them; the value of another flag (`-d -v`) is never mistaken for one of them.

import type { OutputMode } from './command.ts'
import { usage } from './usage.ts'

export interface Globals {
  readonly output: OutputMode
  readonly quiet: boolean
  readonly verbose: boolean
  readonly lang: string | undefined
  readonly color: 'auto' | 'always' | 'never'
  readonly workspace: string | undefined
  readonly env: string | undefined
  readonly help: boolean
  readonly version: boolean
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Setter = (globals: Writable<Globals>, value: string) => void

const withValue: Readonly<Record<string, Setter>> = {
  workspace: (globals, value) => { globals.workspace = value },
  env: (globals, value) => { globals.env = value },
  output: (globals, value) => { globals.output = oneOf('output', value, ['text', 'json', 'ndjson']) },
  lang: (globals, value) => { globals.lang = oneOf('lang', value, ['en', 'zh-CN', 'zh']) },
  color: (globals, value) => { globals.color = oneOf('color', value, ['auto', 'always', 'never']) },
}
const withoutValue: Readonly<Record<string, Setter>> = {
  quiet: (globals) => { globals.quiet = true },
  verbose: (globals) => { globals.verbose = true },
  help: (globals) => { globals.help = true },
  version: (globals) => { globals.version = true },
}
const short: Readonly<Record<string, string>> = { C: 'workspace', o: 'output', q: 'quiet', v: 'verbose', h: 'help' }

export const globalFlagNames: readonly string[] = [...Object.keys(withValue), ...Object.keys(withoutValue)]
export const noGlobals: Globals = {
  output: 'text', quiet: false, verbose: false, lang: undefined, color: 'auto', workspace: undefined, env: undefined, help: false, version: false,
}

/** Takes the global flags out of `argv`; `takesValue` tells which other flags are followed by a value. */
export function takeGlobals(argv: readonly string[], takesValue: (flag: string) => boolean): { readonly globals: Globals; readonly rest: readonly string[] } {
  const globals: Writable<Globals> = { ...noGlobals }
  const rest: string[] = []
  for (let n = 0; n < argv.length; n += 1) {
    const arg = argv[n] ?? ''
    if (arg === '--') {
      rest.push(...argv.slice(n))
      break
    }
    n += take(globals, arg, argv[n + 1], rest, takesValue)
  }
  return { globals, rest }
}

/** Handles one argument; returns how many more it has used up. */
function take(globals: Writable<Globals>, arg: string, following: string | undefined, rest: string[], takesValue: (flag: string) => boolean): number {
  const { name, value } = parseFlag(arg)
  const plain = name === undefined ? undefined : withoutValue[name]
  if (plain !== undefined && value === undefined) {
    plain(globals, '')
    return 0
  }
  const set = name === undefined ? undefined : withValue[name]
  if (set !== undefined) {
    const given = value ?? following
    if (given === undefined) throw usage('cli.flagNeedsValue', { flag: arg })
    set(globals, given)
    return value === undefined ? 1 : 0
  }
  rest.push(arg)
  if (!takesValue(arg) || following === undefined) return 0
  rest.push(following)
  return 1
}

/** The global flag's name in `--output=json`, `-output`, `-o`, `-ojson`; undefined for anything else. */
function parseFlag(arg: string): { readonly name: string | undefined; readonly value: string | undefined } {
  const long = /^--?([a-z]+)(?:=(.*))?$/s.exec(arg)
  if (long?.[1] !== undefined && globalFlagNames.includes(long[1])) return { name: long[1], value: long[2] }
  const letter = /^-([A-Za-z])$/.exec(arg)?.[1]
  if (letter !== undefined) return { name: short[letter], value: undefined }
  const joined = /^-([Co])(.+)$/s.exec(arg)
  if (joined?.[1] === 'o' && ['text', 'json', 'ndjson'].includes((joined[2] ?? '').replace(/^=/, ''))) return { name: 'output', value: (joined[2] ?? '').replace(/^=/, '') }
  if (joined?.[1] === 'C') return { name: 'workspace', value: joined[2] }
  return { name: undefined, value: undefined }
}

function oneOf<T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw usage('cli.flagNotOneOf', { flag: `--${flag}`, value, choices })
  return found
}
