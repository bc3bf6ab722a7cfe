// commander, but its complaints become errors of ours, worded in the user's language, with the nearest right name. It never writes
// and never exits by itself.

import { Command, type Option } from 'commander'
import { globalFlagNames } from './globals.ts'
import { hintFor, usage } from './usage.ts'

export class KiteCommand extends Command {
  constructor(name?: string) {
    super(name)
    this.exitOverride().helpOption(false).helpCommand(false).allowExcessArguments(false).configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  }

  override createCommand(name?: string): Command {
    return new KiteCommand(name)
  }

  unknownOption(flag: string): never {
    const name = flag.replace(/=.*$/s, '')
    const right = [...this.options.map((option) => option.long ?? ''), ...globalFlagNames.map((global) => `--${global}`)].filter((long) => long !== '')
    throw usage('cli.unknownFlag', { flag: name }, hintFor(name.replace(/^-(?!-)/, '--'), right, helpLine(this)))
  }

  unknownCommand(): never {
    const wrong = this.args[0] ?? ''
    const right = this.commands.map((command) => command.name())
    throw usage('cli.unknownVerb', { verb: wrong, noun: this.name() }, hintFor(wrong, right, helpLine(this)))
  }

  missingArgument(name: string): never {
    throw usage('cli.missingArgument', { name }, { key: 'cli.seeHelp', params: { line: helpLine(this) } })
  }

  optionMissingArgument(option: Option): never {
    throw usage('cli.flagNeedsValue', { flag: option.flags })
  }

  missingMandatoryOptionValue(option: Option): never {
    throw usage('cli.missingFlag', { flag: option.flags }, { key: 'cli.seeHelp', params: { line: helpLine(this) } })
  }

  _conflictingOption(option: Option, other: Option): never {
    throw usage('cli.flagsConflict', { flag: option.long ?? option.flags, other: other.long ?? other.flags })
  }

  _excessArguments(received: readonly string[]): never {
    const extra = received[this.registeredArguments.length] ?? ''
    throw usage('cli.tooManyArguments', { argument: extra }, { key: 'cli.seeHelp', params: { line: helpLine(this) } })
  }
}

/** `kite help idl check`. */
export function helpLine(command: Command): string {
  const names: string[] = []
  for (let at: Command | null = command; at !== null; at = at.parent) names.unshift(at.name())
  return ['kite', 'help', ...names.slice(1)].join(' ')
}

/** All commands of a tree, itself first. */
export function* commandTree(command: Command): Generator<Command> {
  yield command
  for (const child of command.commands) yield* commandTree(child)
}

/** Whether a flag, as written, is followed by its value. */
export function valueTaker(command: Command): (flag: string) => boolean {
  const taking = new Set<string>()
  for (const { options } of commandTree(command)) {
    for (const option of options) if (option.required) [option.long, option.short].forEach((flag) => flag !== undefined && taking.add(flag))
  }
  return (flag) => taking.has(flag) || (/^-[^-]./.test(flag) && taking.has(`-${flag}`))
}

/** Long names without dashes. */
export function longNames(command: Command): ReadonlySet<string> {
  return new Set([...commandTree(command)].flatMap(({ options }) => options.map((option) => (option.long ?? '').replace(/^--(no-)?/, ''))))
}
