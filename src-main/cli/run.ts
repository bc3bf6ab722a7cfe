// Runs one command line: find the noun, load its bundle, parse, act, report, exit.

import { CommanderError, type Command } from 'commander'
import type { CommandModule } from './command.ts'
import { normaliseFlags } from './dashes.ts'
import { exit } from './exit-code.ts'
import { noGlobals, takeGlobals, type Globals } from './globals.ts'
import { ProcessHost } from './host.ts'
import { isNoun, loadCommand, nouns, type Noun } from './nouns.ts'
import { KiteCommand, longNames, valueTaker } from './parser.ts'
import { report } from './report.ts'
import { hintFor, usage } from './usage.ts'
import { versionLine } from './version.ts'

export async function run(argv: readonly string[]): Promise<void> {
  const host = new ProcessHost()
  try {
    await dispatch(host, argv)
  } catch (caught) {
    await report(host, caught)
  }
  await host.write('')
  process.exit(host.exitCode)
}

async function dispatch(host: ProcessHost, argv: readonly string[]): Promise<void> {
  host.apply(guessGlobals(argv))
  const { globals, rest } = takeGlobals(argv, () => false)
  const [name] = rest
  if (globals.version) return host.line(versionLine())
  if (name === undefined || name === 'help') return help(host, globals, rest.slice(1))
  if (!isNoun(name)) throw unknownName(name)
  return runCommand(host, name, argv)
}

async function runCommand(host: ProcessHost, noun: Noun, argv: readonly string[]): Promise<void> {
  const module = await loadCommand(noun)
  const program = new KiteCommand('kite')
  const command = program.command(noun)
  module.register(command, host)
  const { globals, rest } = parseLine(module, command, argv)
  host.apply(globals)
  const words = rest.filter((arg) => !arg.startsWith('-'))
  if (globals.help) return help(host, globals, words)
  try {
    await program.parseAsync([...rest], { from: 'user' })
  } catch (caught) {
    if (!(caught instanceof CommanderError)) throw caught
    host.finish(exit.usage)
    await help(host, globals, words)
  }
}

/** One spelling for each flag, then the global ones apart from the command's. */
function parseLine(module: CommandModule, command: Command, argv: readonly string[]): { readonly globals: Globals; readonly rest: readonly string[] } {
  const takesValue = valueTaker(command)
  return takeGlobals(normaliseFlags(argv, longNames(command), module.aliases ?? {}, takesValue), takesValue)
}

async function help(host: ProcessHost, globals: Globals, path: readonly string[]): Promise<void> {
  host.apply(globals)
  const { showHelp } = await import('./help.ts')
  await showHelp(host, path)
}

function unknownName(name: string): Error {
  if (name.startsWith('-')) return usage('cli.flagBeforeCommand', { flag: name }, { key: 'cli.seeHelp', params: { line: 'kite help' } })
  return usage('cli.unknownCommand', { name }, hintFor(name, nouns, 'kite help'))
}

/** Before the line is understood, its language and output mode are already needed to say what is wrong with it. */
function guessGlobals(argv: readonly string[]): Globals {
  const after = (names: readonly string[]): string | undefined => {
    const at = argv.findIndex((arg) => names.some((name) => arg === name || arg.startsWith(`${name}=`)))
    return at < 0 ? undefined : argv[at]?.includes('=') === true ? argv[at]?.replace(/^[^=]*=/, '') : argv[at + 1]
  }
  const output = after(['--output', '-output', '-o'])
  return { ...noGlobals, lang: after(['--lang', '-lang']), output: output === 'json' || output === 'ndjson' ? output : 'text' }
}
