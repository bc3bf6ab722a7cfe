// `kite idl`: what is wrong in IDL files, what methods they have, what was parsed, and a body to start from. Shapes are those of the
// command line's contract; a tree or a body may hold integers beyond 2^53, so they are printed by the exact writer.

import type { Command } from 'commander'
import { KiteError } from '../../../shared/base/error.ts'
import { stringifyExact } from '../../../shared/logic/json/write.ts'
import type { Translator } from '../../../shared/i18n/translate.ts'
import type { Diagnostic, IdlSet } from '../../../shared/model/idl.ts'
import type { Engine } from '../../engine/index.ts'
import { collect } from '../arguments.ts'
import { withEngine } from '../codec-flags.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { exit } from '../exit-code.ts'
import { addTlsFlags, tlsOf, type TlsFlags } from '../tls-flags.ts'
import { methodRows, methodsJson, outline } from '../idl-text.ts'

interface Flags extends TlsFlags {
  readonly include: readonly string[]
}

export const command: CommandModule = {
  examples: [
    { line: 'kite idl check user.thrift order.thrift', says: 'idl.cli.example.check' },
    { line: 'kite idl list user.thrift --include ../common', says: 'idl.cli.example.list' },
    { line: 'kite idl tree user.thrift -o json', says: 'idl.cli.example.tree' },
    { line: 'kite idl example user.thrift UserService/GetUser', says: 'idl.cli.example.example' },
    { line: 'kite idl list grpc-reflection://127.0.0.1:8443 --cacert ca.pem', says: 'idl.cli.example.server' },
  ],
  aliases: { 'include-path': 'include' },
  register(command, host) {
    verb(command, 'check', 'idl.cli.check').argument('<file...>', words('idl.cli.argument.files')).action((paths: readonly string[], flags: Flags) => check(paths, flags, host))
    verb(command, 'list', 'idl.cli.list').argument('<file...>', words('idl.cli.argument.files')).action((paths: readonly string[], flags: Flags) => list(paths, flags, host))
    verb(command, 'tree', 'idl.cli.tree').argument('<file...>', words('idl.cli.argument.files')).action((paths: readonly string[], flags: Flags) => tree(paths, flags, host))
    verb(command, 'example', 'idl.cli.exampleVerb')
      .argument('<file>', words('idl.cli.argument.file'))
      .argument('<method>', words('idl.cli.argument.method'))
      .action((path: string, method: string, flags: Flags) => example(path, method, flags, host))
  },
}

const verb = (command: Command, name: string, says: Parameters<typeof words>[0]): Command =>
  addTlsFlags(command.command(name).description(words(says)).option('--include <DIR>', words('idl.cli.flag.include'), collect, []))

const load = (engine: Engine, paths: readonly string[], flags: Flags, host: Host): Promise<IdlSet> => {
  const tls = tlsOf(flags, false)
  return engine.idl.load({ paths, includeDirs: flags.include }, { signal: host.signal, ...(tls === undefined ? {} : { tls }) })
}

async function check(paths: readonly string[], flags: Flags, host: Host): Promise<void> {
  await withEngine(async (engine) => {
    const { diagnostics, files } = await load(engine, paths, flags, host)
    const translator = await host.translator()
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length
    const warnings = diagnostics.length - errors
    const found = diagnostics.map((one) => diagnosticJson(one, translator))
    if (host.output === 'json') await host.json({ files: files.map(({ path }) => path), errors, warnings, diagnostics: found })
    else if (host.output === 'ndjson') for (const one of found) await host.json(one)
    else for (const one of diagnostics) await host.line(diagnosticLine(one, translator))
    await host.say('idl.cli.checked', { files: files.length, errors, warnings })
    // A root that is not there is wrong usage; all else is what a check is there to find.
    if (diagnostics.some(({ code }) => code === 'file-not-found')) host.finish(exit.usage)
    else if (errors > 0) host.finish(exit.failed)
  })
}

async function list(paths: readonly string[], flags: Flags, host: Host): Promise<void> {
  await withEngine(async (engine) => {
    const idl = await loadSound(engine, paths, flags, host)
    if (host.output === 'json') await host.json({ methods: methodsJson(idl) })
    else if (host.output === 'ndjson') for (const method of methodsJson(idl)) await host.json(method)
    else await host.write(methodRows(idl))
  })
}

async function tree(paths: readonly string[], flags: Flags, host: Host): Promise<void> {
  await withEngine(async (engine) => {
    const { files } = await loadSound(engine, paths, flags, host)
    if (host.output === 'json') await host.line(stringifyExact({ files }, 2))
    else if (host.output === 'ndjson') for (const file of files) await host.line(stringifyExact(file))
    else for (const file of files) await host.write(outline(file))
  })
}

async function example(path: string, name: string, flags: Flags, host: Host): Promise<void> {
  await withEngine(async (engine) => {
    const idl = await loadSound(engine, [path], flags, host)
    const found = await engine.idl.find(idl, name)
    if (!found.ok) throw new KiteError(found.error)
    const body = await engine.idl.example(idl, found.value.method)
    await host.line(host.output === 'ndjson' ? body.replace(/\n\s*/g, '') : body)
  })
}

/** The set; its first error is thrown, and says how many there are. */
async function loadSound(engine: Engine, paths: readonly string[], flags: Flags, host: Host): Promise<IdlSet> {
  const idl = await load(engine, paths, flags, host)
  const errors = idl.diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (first === undefined) return idl
  const more = errors.length === 1 ? first.suggestion : { key: 'idl.cli.moreErrors', params: { count: errors.length - 1, line: `kite idl check ${paths.join(' ')}` } }
  throw new KiteError({ code: 'idl', layer: 'idl', text: first.text, at: first.at, ...(more === undefined ? {} : { hint: more }) })
}

function diagnosticLine(one: Diagnostic, translator: Translator): string {
  const message = translator.text(one.text)
  const said = one.suggestion === undefined ? message : translator.t('idl.cli.withHint', { message, hint: translator.text(one.suggestion) })
  return `${one.at.file}:${one.at.line}:${one.at.column}: ${one.severity} ${one.code}: ${said}`
}

function diagnosticJson({ severity, code, text, suggestion, at, end }: Diagnostic, translator: Translator): object {
  return {
    severity,
    code,
    message: translator.text(text),
    ...(suggestion === undefined ? {} : { suggestion: translator.text(suggestion) }),
    file: at.file,
    line: at.line,
    column: at.column,
    ...(end === undefined ? {} : { end }),
  }
}
