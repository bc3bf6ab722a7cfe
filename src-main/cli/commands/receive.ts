// OTLP receivers without a window: prints spans as they come. `kite trace …` can ask this process meanwhile.

import type { ReceiverPort, ReceiverStatus, Span } from '../../../shared/model/trace.ts'
import type { Telemetry } from '../../engine/index.ts'
import { port } from '../arguments.ts'
import { words, type CommandModule, type Host } from '../command.ts'

interface Flags { readonly grpc: number; readonly http: number; readonly host: string }

export const command: CommandModule = {
  examples: [
    { line: 'kite receive', says: 'telemetry.cli.example.receive' },
    { line: 'kite receive --grpc 14317 --http 14318 -o ndjson', says: 'telemetry.cli.example.receivePorts' },
  ],
  register(command, host) {
    command
      .option('--grpc <PORT>', words('telemetry.cli.flag.grpc'), port('--grpc'), 4317)
      .option('--http <PORT>', words('telemetry.cli.flag.httpPort'), port('--http'), 4318)
      .option('--host <ADDRESS>', words('telemetry.cli.flag.host'), '127.0.0.1')
      .action((flags: Flags) => receive(host, flags))
  },
}

async function receive(host: Host, { grpc, http, host: address }: Flags): Promise<void> {
  const { createEngine, systemPorts } = await import('../../engine/index.ts')
  const engine = createEngine(systemPorts())
  const telemetry = await engine.traces()
  try {
    const status = await telemetry.start({ grpcPort: grpc, httpPort: http, host: address })
    await tellPorts(host, status)
    if (status.grpc.state !== 'listening' && status.http.state !== 'listening') return host.finish(1)
    await host.say('telemetry.cli.receiving')
    await printUntilStopped(host, telemetry)
    const { spans, traces, rejected, evicted } = telemetry.status
    await host.say('telemetry.cli.totals', { spans, traces, rejected, evicted })
  } finally {
    await telemetry.stop()
    await engine.dispose()
  }
}

async function tellPorts(host: Host, { grpc, http }: ReceiverStatus): Promise<void> {
  const tell = (kind: string, port: ReceiverPort): Promise<void> => {
    if (port.state === 'off') return host.say('telemetry.port.off', { kind })
    if (port.state === 'listening') return host.say('telemetry.port.listening', { kind, address: port.address })
    return host.warn('telemetry.port.taken', { kind, wanted: port.wanted, next: port.next })
  }
  await tell('OTLP/gRPC', grpc)
  await tell('OTLP/HTTP', http)
}

/** Spans that may wait for a slow reader of our output. */
const backlog = 10_000

async function printUntilStopped(host: Host, telemetry: Telemetry): Promise<void> {
  const { printSpans } = await import('../span-lines.ts')
  const told = new Set<string>()
  let waiting: Span[] = []
  let dropped = 0
  let wake: () => void = () => undefined
  const added = telemetry.store.onDidAdd((spans) => {
    const room = backlog - waiting.length
    waiting.push(...spans.slice(0, room))
    dropped += Math.max(0, spans.length - room)
    wake()
  })
  const changed = telemetry.onDidChangeStatus((status) => void tellStrangers(host, status, told))
  host.signal.addEventListener('abort', () => wake(), { once: true })
  while (!host.signal.aborted || waiting.length > 0) {
    if (waiting.length === 0) await new Promise<void>((resolve) => { wake = resolve })
    const batch = waiting
    waiting = []
    await printSpans(host, batch)
    if (dropped > 0) await host.warn('telemetry.cli.dropped', { count: dropped })
    dropped = 0
  }
  added.dispose()
  changed.dispose()
}

/** Each kind of stranger is told once. */
async function tellStrangers(host: Host, status: ReceiverStatus, told: Set<string>): Promise<void> {
  for (const { kind, port, peer, count, path } of status.strangers ?? []) {
    if (told.has(`${port} ${kind}`)) continue
    told.add(`${port} ${kind}`)
    const http = status.http.state === 'listening' ? (status.http.address.split(':').at(-1) ?? '') : '4318'
    await host.warn(`telemetry.stranger.${kind}`, { peer, count, port, path: path ?? '', http })
  }
}
