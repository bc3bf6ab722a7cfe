// What `kite encode` and `kite decode` share: IDL, type, codec, and where the input comes from.

import type { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { fail, KiteError, type ErrorData } from '../../shared/base/error.ts'
import { codecs, type CodecName } from '../../shared/model/protocol.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { Engine } from '../engine/index.ts'
import { choice, collect } from './arguments.ts'
import { words, type Host } from './command.ts'

export interface CodecFlags {
  readonly idl: readonly string[]
  readonly include: readonly string[]
  readonly type?: string
  readonly codec: 'auto' | CodecName
  readonly hex?: true
  readonly file?: string
}

export const codecAliases = { p: 'idl', 'idl-path': 'idl', 'include-path': 'include' } as const

export function withCodecFlags(command: Command): Command {
  return command
    .option('--idl <FILE>', words('codec.cli.flag.idl'), collect, [])
    .option('--include <DIR>', words('codec.cli.flag.include'), collect, [])
    .option('--type <NAME>', words('codec.cli.flag.type'))
    .option('--codec <NAME>', words('codec.cli.flag.codec'), choice('--codec', ['auto', ...codecs]), 'auto')
    .option('-f, --file <FILE>', words('codec.cli.flag.file'))
}

/** Runs with an engine of its own. */
export async function withEngine(run: (engine: Engine) => Promise<void>): Promise<void> {
  const { createEngine, systemPorts } = await import('../engine/index.ts')
  const engine = createEngine(systemPorts())
  try {
    await run(engine)
  } finally {
    await engine.dispose()
  }
}

/** The linked IDL; its first error is thrown. */
export async function loadIdl(engine: Engine, { idl, include }: CodecFlags, host: Host): Promise<IdlSet> {
  const set = await engine.idl.load({ paths: idl, includeDirs: include }, { signal: host.signal })
  const first = set.diagnostics.find(({ severity }) => severity === 'error')
  if (first !== undefined) throw new KiteError({ code: 'idl', layer: 'idl', text: first.text, at: first.at, ...(first.suggestion === undefined ? {} : { hint: first.suggestion }) })
  return set
}

/** `--file`, else standard input. */
export async function readInput({ file }: CodecFlags, host: Host): Promise<Buffer> {
  if (file === undefined) return host.readStdin()
  try {
    return await readFile(file, { signal: host.signal })
  } catch (thrown) {
    throw fail('file', 'usage', 'codec.cli.unreadable', { path: file, reason: thrown instanceof Error ? thrown.message : String(thrown) }, { at: { file } })
  }
}

/** Warnings go to stderr and change nothing. */
export async function tell(warnings: readonly ErrorData[], host: Host): Promise<void> {
  if (warnings.length === 0 || host.quiet) return
  const translator = await host.translator()
  for (const warning of warnings) host.note(translator.t('codec.cli.warning', { text: translator.error(warning) }))
}
