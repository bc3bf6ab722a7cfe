// What a command module exports and what it is given. A command parses, calls one engine method and renders: if it wants an `if`,
// that belongs in the engine. It never words text itself, never touches process.stdout, and never calls process.exit.

import type { Command } from 'commander'
import type { TextParams } from '../../shared/base/error.ts'
import type { Language, MessageKey } from '../../shared/i18n/catalogue.ts'
import type { Translator } from '../../shared/i18n/translate.ts'

export type OutputMode = 'text' | 'json' | 'ndjson'

/** A line of `kite help <noun>`: something to copy, and what it does. */
export interface Example {
  readonly line: string
  readonly says: MessageKey
}

/** A file in commands/ exports `export const command: CommandModule = { … }`. */
export interface CommandModule {
  /** Shown first by `kite help <noun>`. */
  readonly examples: readonly Example[]
  /** Other spellings of long or short flags, without dashes: `{ 'idl-path': 'idl', p: 'idl' }` (kitexcall's and grpcurl's habits). */
  readonly aliases?: Readonly<Record<string, string>>
  /** Titles of groups of flags in help, by the long name of the flag that each begins with; for commands of many flags. */
  readonly groups?: Readonly<Record<string, MessageKey>>
  /**
   * Adds arguments, flags and actions. `command` already bears the noun's name. Descriptions are message keys made by `words()`:
   * they are worded only when help is shown. Actions throw KiteError, or call `host.finish(code)` when the result itself says that it failed.
   */
  register(command: Command, host: Host): void
}

/** What a command may do to the world outside of the engine. */
export interface Host {
  readonly output: OutputMode
  /** Only the result. */
  readonly quiet: boolean
  /** The ladder and connection facts on stderr. */
  readonly verbose: boolean
  readonly language: Language
  /** Whether stdout and stderr take colour: `--color`, NO_COLOR, and whether each is a terminal. */
  readonly color: { readonly out: boolean; readonly err: boolean }
  /** Whether stdin and stdout are terminals, for defaults that differ for a person and a pipe. */
  readonly terminal: { readonly in: boolean; readonly out: boolean; readonly columns: number }
  /** `-C`, as given; undefined: look upward for kite.json. */
  readonly workspace: string | undefined
  /** `--env`. */
  readonly env: string | undefined
  /** Aborts on SIGINT and SIGTERM, and when the reader of stdout has gone. Pass it to every wait. */
  readonly signal: AbortSignal
  readonly version: string
  /** A result, on stdout, as it is; resolves when the pipe has taken it. */
  write(text: string | Uint8Array): Promise<void>
  /** A result line, on stdout. */
  line(text: string): Promise<void>
  /** A result as JSON: one indented document, or with `ndjson` one line. Values must hold no bigint; see shared/ for the lossless writer. */
  json(value: unknown): Promise<void>
  /** All else, on stderr, already worded (a table, a ladder). */
  note(text: string): void
  /** All else, worded, on stderr; silent with `--quiet`. */
  say(key: MessageKey, params?: TextParams): Promise<void>
  /** Same, but kept with `--quiet`: what the user must know. */
  warn(key: MessageKey, params?: TextParams): Promise<void>
  /** Loads the catalogue; ask only when something is to be worded. */
  translator(): Promise<Translator>
  /** All of standard input. */
  readStdin(): Promise<Buffer>
  /** Standard input as it comes; ends early when the signal aborts. */
  stdin(): AsyncIterable<Buffer>
  /** Sets the exit code of a command that ends without throwing. */
  finish(exitCode: number): void
}

/** Marks a description as a message key, for `.description()` and `.option()`; help words it. */
export const words = (key: MessageKey): string => key
