// The demo shop: keeps it running, or with --once makes its first call, prints what happened, and stops.

import type { Demo, Engine } from '../../engine/index.ts'
import { wholeNumber } from '../arguments.ts'
import { words, type CommandModule, type Host } from '../command.ts'

interface Flags { readonly once?: boolean; readonly seed?: number }

export const command: CommandModule = {
  examples: [
    { line: 'kite demo', says: 'demo.cli.example.first' },
    { line: 'kite demo --once', says: 'demo.cli.example.once' },
    { line: 'kite demo my-shop', says: 'demo.cli.example.folder' },
  ],
  register(command, host) {
    command
      .argument('[folder]', words('demo.cli.argument.folder'))
      .option('--once', words('demo.cli.flag.once'))
      .option('--seed <N>', words('demo.cli.flag.seed'), wholeNumber('--seed'))
      .action(async (folder: string | undefined, flags: Flags) => {
        const { createEngine, systemPorts } = await import('../../engine/index.ts')
        const { dataFolder } = await import('../../host/data-folder.ts')
        const engine = createEngine(systemPorts(flags.once === true ? {} : { dataDir: dataFolder(process.env, process.platform) }))
        try {
          await (flags.once === true ? once(host, engine, folder, flags) : keep(host, engine, folder, flags))
        } finally {
          await engine.dispose()
        }
      })
  },
}

const options = (host: Host, folder: string | undefined, { seed }: Flags) => ({ signal: host.signal, ...(folder === undefined ? {} : { folder }), ...(seed === undefined ? {} : { seed }) })

/** Its spans go to a receiver of its own, on whatever port is free, so that nothing else has to run. */
async function once(host: Host, engine: Engine, folder: string | undefined, flags: Flags): Promise<void> {
  const traces = await engine.traces()
  await traces.start({ grpcPort: 0, httpPort: 0 })
  const demo = await engine.demo(options(host, folder, flags))
  const record = await engine.call(demo.firstCall, { baseDir: demo.folder, signal: host.signal })
  await demo.flush(AbortSignal.timeout(5000))
  const spans = await traces.store.get(record.traceId)
  const { printRecord } = await import('../demo-lines.ts')
  await printRecord(host, record, spans)
}

async function keep(host: Host, engine: Engine, folder: string | undefined, flags: Flags): Promise<void> {
  const traces = await engine.traces()
  const { http } = await traces.start({ grpcPort: 4317, httpPort: 4318 })
  // A taken port is most likely a window or `kite receive`: that is where people look.
  const exportTo = http.state === 'listening' ? `http://${http.address}` : 'http://127.0.0.1:4318'
  const demo = await engine.demo({ ...options(host, folder, flags), exportTo })
  await printInstances(host, demo)
  await host.say('demo.cli.running', { folder: demo.folder })
  await host.say('demo.cli.traces', { address: exportTo })
  await host.say('demo.cli.try')
  if (!host.quiet) host.note(tries(demo.folder).join('\n'))
  await host.say('demo.cli.stop')
  if (!host.signal.aborted) await new Promise<void>((resolve) => host.signal.addEventListener('abort', () => resolve(), { once: true }))
  await host.say('demo.cli.stopped')
}

/** Commands are the same in every language. */
const tries = (folder: string): readonly string[] => [
  `  kite services -C ${folder}`,
  `  kite call UserService/GetUser -s demo.user -d '{"userId": 9007199254740993, "fields": ["LEVEL", "ORDERS"]}' -v -C ${folder}`,
  '  kite trace list',
]

async function printInstances(host: Host, demo: Demo): Promise<void> {
  if (host.output !== 'text') return host.json({ folder: demo.folder, registry: demo.registry, instances: demo.instances })
  const tags = (all: Readonly<Record<string, string>>): string => Object.entries(all).map((pair) => pair.join('=')).join(' ')
  for (const { service, address, weight, tags: all } of demo.instances) await host.line(`${service.padEnd(13)} ${address.padEnd(16)} w${weight}  ${tags(all)}`)
}
