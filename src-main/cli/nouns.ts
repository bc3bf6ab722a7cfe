// The commands there are, with the line that the overview shows for each. A command is a file in commands/ and a line here; its
// bundle is loaded only when it is named.

import type { MessageKey } from '../../shared/i18n/catalogue.ts'
import type { CommandModule } from './command.ts'

export const summaries = {
  call: 'cli.noun.call',
  idl: 'cli.noun.idl',
  encode: 'cli.noun.encode',
  decode: 'cli.noun.decode',
  services: 'cli.noun.services',
  trace: 'cli.noun.trace',
  receive: 'cli.noun.receive',
  mock: 'cli.noun.mock',
  demo: 'cli.noun.demo',
  serve: 'cli.noun.serve',
} as const satisfies Readonly<Record<string, MessageKey>>

export type Noun = keyof typeof summaries
export const nouns: readonly string[] = Object.keys(summaries)

export const isNoun = (name: string): name is Noun => Object.hasOwn(summaries, name)

/** Loads one command's module. The pattern lets the bundler cut a chunk for each file in commands/. */
export async function loadCommand(noun: Noun): Promise<CommandModule> {
  const { command } = (await import(`./commands/${noun}.ts`)) as { readonly command: CommandModule }
  return command
}
