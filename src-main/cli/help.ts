// Help, examples first: most people want a line to change, not a list to read. Words come from the catalogue; the flags come from
// what the command registered, so they cannot differ from what is parsed.

import type { Command, Option } from 'commander'
import type { MessageKey } from '../../shared/i18n/catalogue.ts'
import type { Translator } from '../../shared/i18n/translate.ts'
import type { CommandModule } from './command.ts'
import { KiteCommand } from './parser.ts'
import { isNoun, loadCommand, nouns, summaries, type Noun } from './nouns.ts'
import { hintFor, usage } from './usage.ts'
import type { ProcessHost } from './host.ts'

type Row = readonly [left: string, right: string]

const globalRows: readonly (readonly [string, MessageKey])[] = [
  ['-C, --workspace DIR', 'cli.global.workspace'],
  ['--env NAME', 'cli.global.env'],
  ['-o, --output text|json|ndjson', 'cli.global.output'],
  ['-q, --quiet', 'cli.global.quiet'],
  ['-v, --verbose', 'cli.global.verbose'],
  ['--lang zh-CN|en', 'cli.global.lang'],
  ['--color auto|always|never', 'cli.global.color'],
  ['--version', 'cli.global.version'],
  ['-h, --help', 'cli.global.help'],
]

const nounRows = Object.entries(summaries).map(([noun, key]) => [`kite ${noun}`, key] as const)

/** `kite help`, `kite help idl`, `kite help idl check`. */
export async function showHelp(host: ProcessHost, path: readonly string[]): Promise<void> {
  const translator = await host.translator()
  const [noun] = path
  if (noun === undefined) return host.write(overview(translator))
  if (!isNoun(noun)) throw usage('cli.unknownCommand', { name: noun }, hintFor(noun, nouns, 'kite help'))
  const module = await loadCommand(noun)
  const command = new KiteCommand(noun)
  module.register(command, host)
  return host.write(commandHelp(translator, module, descend(command, path.slice(1)), noun))
}

function descend(command: Command, verbs: readonly string[]): Command {
  const [verb, ...others] = verbs
  if (verb === undefined) return command
  const child = command.commands.find((each) => each.name() === verb)
  return child === undefined ? command : descend(child, others)
}

function overview(translator: Translator): string {
  const rows = (list: readonly (readonly [string, MessageKey])[]): readonly Row[] => list.map(([left, key]) => [left, translator.t(key)])
  return [
    translator.t('cli.about'), '',
    heading(translator, 'cli.heading.commands'), ...table(rows(nounRows)), '',
    heading(translator, 'cli.heading.globals'), ...table(rows(globalRows)), '',
    translator.t('cli.moreHelp'), '',
  ].join('\n')
}

function commandHelp(translator: Translator, module: CommandModule, command: Command, noun: Noun): string {
  const text = (key: string): string => (key === '' ? '' : translator.text({ key }))
  const path = pathOf(command)
  const examples = module.examples.filter(({ line }) => command.name() === noun || line.startsWith(`kite ${path}`))
  const sections = [
    examples.flatMap(({ line, says }) => [`  # ${text(says)}`, `  ${line}`]),
    [`  ${text(command.name() === noun ? summaries[noun] : command.description())}`, '', `  kite ${path}${usageTail(command)}`],
    table(command.commands.map((child) => [`${child.name()} ${argumentsOf(child)}`.trim(), text(child.description())])),
    table(command.registeredArguments.map((argument) => [argument.name(), text(argument.description)])),
    flagLines(command, module, text),
  ]
  const titles: readonly MessageKey[] = ['cli.heading.examples', 'cli.heading.usage', 'cli.heading.verbs', 'cli.heading.arguments', 'cli.heading.flags']
  const parts = sections.flatMap((lines, n) => (lines.length === 0 ? [] : [heading(translator, titles[n] ?? 'cli.heading.usage'), ...lines, '']))
  return [...parts, translator.t('cli.globalsToo'), ''].join('\n')
}

/** One table, so that its columns stand the same in every group. */
function flagLines(command: Command, { aliases = {}, groups = {} }: CommandModule, text: (key: string) => string): readonly string[] {
  const options = command.options.filter((option) => !option.hidden)
  const width = columnOf(options.map((option) => flagsOf(option, aliases)))
  return options.flatMap((option, n) => {
    const group = groups[option.long?.slice(2) ?? '']
    const title = group === undefined ? [] : [...(n === 0 ? [] : ['']), `  ${text(group)}`]
    return [...title, ...table([[flagsOf(option, aliases), text(option.description)]], width)]
  })
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

function usageTail(command: Command): string {
  const verb = command.commands.length > 0 ? ` <${command.commands.map((child) => child.name()).join('|')}>` : ''
  const given = argumentsOf(command)
  return `${verb}${given === '' ? '' : ` ${given}`}${command.options.length > 0 ? ' [flags]' : ''}`
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => `${argument.name()}${argument.variadic ? '…' : ''}`)
    .map((name, n) => (command.registeredArguments[n]?.required === true ? name : `[${name}]`))
    .join(' ')
}

/** commander's `<value>` written plainly; a one-letter alias counts as the short flag. */
function flagsOf(option: Option, aliases: Readonly<Record<string, string>>): string {
  const name = option.long?.slice(2) ?? ''
  const letter = option.short === undefined ? Object.keys(aliases).find((alias) => alias.length === 1 && aliases[alias] === name) : undefined
  const before = letter === undefined ? '    ' : `-${letter}, `
  return `${option.short === undefined ? before : ''}${option.flags.replace(/<([^>]+)>/, '$1').replace(/\.\.\./, '')}`
}

const heading = (translator: Translator, key: MessageKey): string => translator.t(key)

const columnOf = (left: readonly string[]): number => Math.min(34, Math.max(0, ...left.map((cell) => cell.length)))

/** Two columns; a left cell too wide for its column stands on its own line. Full-width characters count two. */
function table(rows: readonly Row[], width = columnOf(rows.map(([left]) => left))): readonly string[] {
  return rows.flatMap(([left, right]) => (left.length > width ? [`  ${left}`, `  ${' '.repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`.trimEnd()]))
}
