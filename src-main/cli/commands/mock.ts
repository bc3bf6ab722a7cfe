// Serves the services of an IDL on one port until stopped; hits are printed as they come.

import type { MockHit, MockStatus } from '../../../shared/model/mock.ts'
import type { Mocks } from '../../engine/index.ts'
import { collect, pairs, wholeNumber, type Pair } from '../arguments.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { usage } from '../usage.ts'

interface Flags {
  readonly idl: readonly string[]
  readonly include: readonly string[]
  readonly service?: string
  readonly listen: string
  readonly stub?: string
  readonly register?: string
  readonly as?: string
  readonly weight: number
  readonly tag: readonly Pair[]
  readonly export: string
}

export const command: CommandModule = {
  examples: [
    { line: 'kite mock --idl user.thrift', says: 'mock.cli.example.first' },
    { line: 'kite mock --idl user.thrift --service UserService --listen 127.0.0.1:7070 --stub stubs.yaml', says: 'mock.cli.example.stub' },
    { line: 'kite mock --idl user.thrift --register etcd://127.0.0.1:2379 --as demo.user --tag version=v9', says: 'mock.cli.example.register' },
  ],
  aliases: { 'idl-path': 'idl', p: 'idl', 'include-path': 'include' },
  register(command, host) {
    command
      .option('--idl <FILE>', words('mock.cli.flag.idl'), collect, [])
      .option('--include <DIR>', words('mock.cli.flag.include'), collect, [])
      .option('--service <NAME>', words('mock.cli.flag.service'))
      .option('--listen <HOST:PORT>', words('mock.cli.flag.listen'), '127.0.0.1:0')
      .option('--stub <FILE>', words('mock.cli.flag.stub'))
      .option('--register <URL>', words('mock.cli.flag.register'))
      .option('--as <NAME>', words('mock.cli.flag.as'))
      .option('--weight <N>', words('mock.cli.flag.weight'), wholeNumber('--weight'), 10)
      .option('--tag <K=V>', words('mock.cli.flag.tag'), pairs('--tag'), [])
      .option('--export <URL>', words('mock.cli.flag.export'), 'http://127.0.0.1:4318')
      .action((flags: Flags) => mock(host, flags))
  },
}

async function mock(host: Host, flags: Flags): Promise<void> {
  if (flags.idl.length === 0) throw usage('cli.missingFlag', { flag: '--idl <FILE>' }, { key: 'cli.seeHelp', params: { line: 'kite help mock' } })
  if (flags.export !== 'none' && !/^https?:\/\/./.test(flags.export)) throw usage('mock.cli.badExport', { value: flags.export })
  const { createEngine, systemPorts } = await import('../../engine/index.ts')
  const engine = createEngine(systemPorts())
  try {
    const mocks = await engine.mocks(flags.export === 'none' ? {} : { exportTo: flags.export })
    const status = await mocks.start({
      idl: { paths: [...flags.idl], includeDirs: [...flags.include] },
      listen: flags.listen,
      weight: flags.weight,
      tags: Object.fromEntries(flags.tag),
      ...(flags.service === undefined ? {} : { service: flags.service }),
      ...(flags.stub === undefined ? {} : { stubFile: flags.stub }),
      ...(flags.register === undefined ? {} : { register: flags.register }),
      ...(flags.as === undefined ? {} : { registerAs: flags.as }),
    }, host.signal)
    await tellStart(host, status, flags)
    await follow(host, mocks)
    await host.say('mock.cli.stopped', { count: mocks.list()[0]?.hits ?? 0 })
  } finally {
    await engine.dispose()
  }
}

/** The address is the result: a script that starts a mock reads it from stdout. */
async function tellStart(host: Host, status: MockStatus, flags: Flags): Promise<void> {
  if (host.output === 'text') await host.line(status.address)
  else await host.json({ event: 'listening', address: status.address, services: status.services, registered: status.registered })
  await host.say('mock.cli.listening', { services: status.services, address: status.address })
  if (status.registered !== undefined) await host.say('mock.cli.registered', { names: status.registered, registry: flags.register ?? '' })
  if (flags.stub !== undefined) await host.say('mock.cli.stubs', { count: status.stubs ?? 0, file: flags.stub })
}

async function follow(host: Host, mocks: Mocks): Promise<void> {
  const translator = await host.translator()
  const by = (hit: MockHit): string => (hit.by.kind === 'stub' ? translator.t('mock.by.stub', { index: hit.by.index }) : translator.t(`mock.by.${hit.by.kind}`))
  const hits = mocks.onDidHit((hit) => {
    if (host.output !== 'text') void host.json({ event: 'hit', ...hit })
    else void host.line(`${new Date(hit.atMs).toISOString().slice(11, 23)}  ${hit.method}  ${hit.transport}  ${hit.outcome}  ${hit.durationMs.toFixed(1)} ms  ${by(hit)}  ${hit.peer}`)
  })
  let before = mocks.list()[0]
  const changes = mocks.onDidChange(([status]) => {
    if (status === undefined) return
    if (status.stubProblem !== undefined && status.stubProblem !== before?.stubProblem) void host.warn('mock.cli.kept', { problem: translator.error(status.stubProblem) })
    else if (status.stubProblem === undefined && (before?.stubProblem !== undefined || status.stubs !== before?.stubs)) void host.say('mock.cli.reloaded', { count: status.stubs ?? 0 })
    before = status
  })
  if (!host.signal.aborted) await new Promise<void>((resolve) => host.signal.addEventListener('abort', () => resolve(), { once: true }))
  hits.dispose()
  changes.dispose()
}
