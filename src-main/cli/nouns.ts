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
  probe: 'cli.noun.probe',
  trace: 'cli.noun.trace',
  receive: 'cli.noun.receive',
  mock: 'cli.noun.mock',
  demo: 'cli.noun.demo',
  serve: 'cli.noun.serve',
} as const satisfies Readonly<Record<string, MessageKey>>

export type Noun = keyof typeof summaries
export const nouns: readonly string[] = Object.keys(summaries)

export const isNoun = (name: string): name is Noun => Object.hasOwn(summaries, name)

/** Written out one by one, so that the bundler cuts a chunk for each. */
const modules: Readonly<Record<Noun, () => Promise<{ readonly command: CommandModule }>>> = {
  call: () => import('./commands/call.ts'),
  idl: () => import('./commands/idl.ts'),
  encode: () => import('./commands/encode.ts'),
  decode: () => import('./commands/decode.ts'),
  services: () => import('./commands/services.ts'),
  probe: () => import('./commands/probe.ts'),
  trace: () => import('./commands/trace.ts'),
  receive: () => import('./commands/receive.ts'),
  mock: () => import('./commands/mock.ts'),
  demo: () => import('./commands/demo.ts'),
  serve: () => import('./commands/serve.ts'),
}

/** Loads one command's module. */
export async function loadCommand(noun: Noun): Promise<CommandModule> {
  return (await modules[noun]()).command
}
