// Traces of a running receiver (`kite receive` or a window), or of a file: lists, draws, follows, imports and exports them.

import type { Command } from 'commander'
import type { Span } from '../../../shared/model/trace.ts'
import type { SummaryJson, TraceSource } from '../../engine/index.ts'
import { duration, wholeNumber } from '../arguments.ts'
import { words, type CommandModule, type Host } from '../command.ts'

interface Where { readonly http?: string; readonly file?: string }
interface Filter extends Where { readonly service?: string; readonly name?: string; readonly text?: string; readonly errors?: boolean; readonly minDuration: number; readonly limit: number }

export const command: CommandModule = {
  examples: [
    { line: 'kite trace list', says: 'telemetry.cli.example.list' },
    { line: 'kite trace list --service demo.user --errors --min-duration 100ms', says: 'telemetry.cli.example.listSlow' },
    { line: 'kite trace show 5b8ef', says: 'telemetry.cli.example.show' },
    { line: 'kite trace show 5b8ef --file traces.jsonl', says: 'telemetry.cli.example.file' },
    { line: 'kite trace tail -o ndjson', says: 'telemetry.cli.example.tail' },
    { line: 'kite trace import traces.jsonl', says: 'telemetry.cli.example.import' },
    { line: 'kite trace export 5b8ef > trace.jsonl', says: 'telemetry.cli.example.export' },
  ],
  register(command, host) {
    const list = command.command('list').description(words('telemetry.cli.verb.list'))
    where(list)
      .option('--service <NAME>', words('telemetry.cli.flag.service'))
      .option('--name <TEXT>', words('telemetry.cli.flag.name'))
      .option('--text <TEXT>', words('telemetry.cli.flag.text'))
      .option('--errors', words('telemetry.cli.flag.errors'))
      .option('--min-duration <DURATION>', words('telemetry.cli.flag.minDuration'), duration('--min-duration'), 0)
      .option('--limit <N>', words('telemetry.cli.flag.limit'), wholeNumber('--limit', 1), 50)
      .action((flags: Filter) => listTraces(host, flags))
    where(command.command('show').description(words('telemetry.cli.verb.show')).argument('id', words('telemetry.cli.argument.id')))
      .option('--chain', words('telemetry.cli.flag.chain'))
      .action(async (id: string, { chain, ...flags }: Where & { readonly chain?: boolean }) => showTrace(host, await (await open(flags)).get(id, host.signal), chain === true))
    where(command.command('tail').description(words('telemetry.cli.verb.tail')))
      .action((flags: Where) => tail(host, flags))
    command.command('import').description(words('telemetry.cli.verb.import')).argument('file', words('telemetry.cli.argument.file'))
      .option('--http <HOST:PORT>', words('telemetry.cli.flag.http'))
      .action((file: string, flags: Where) => importFile(host, file, flags))
    where(command.command('export').description(words('telemetry.cli.verb.export')).argument('id', words('telemetry.cli.argument.id')))
      .action(async (id: string, flags: Where) => {
        const { encodeTracesJson } = await import('../../engine/index.ts')
        await host.line(await encodeTracesJson(await (await open(flags)).get(id, host.signal)))
      })
  },
}

function where(command: Command): Command {
  return command
    .option('--http <HOST:PORT>', words('telemetry.cli.flag.http'))
    .option('--file <FILE>', words('telemetry.cli.flag.file'))
}

async function open({ http, file }: Where): Promise<TraceSource> {
  const { openTraceSource } = await import('../../engine/index.ts')
  return openTraceSource(file !== undefined ? { kind: 'file', path: file } : { kind: 'receiver', ...(http === undefined ? {} : { address: http }) })
}

async function listTraces(host: Host, { service, name, text, errors, minDuration, limit, ...at }: Filter): Promise<void> {
  const source = await open(at)
  const found = await source.list({
    ...(service === undefined ? {} : { service }), ...(name === undefined ? {} : { name }), ...(text === undefined ? {} : { text }),
    errorsOnly: errors === true, minDurationMs: minDuration, limit,
  }, host.signal)
  if (host.output === 'json') return host.json({ traces: found })
  if (host.output === 'ndjson') for (const trace of found) await host.json(trace)
  else if (found.length === 0) await host.say('telemetry.cli.noTraces')
  else await printTable(host, found)
}

async function printTable(host: Host, traces: readonly SummaryJson[]): Promise<void> {
  const [{ formatDuration }, { table }, { t }] = await Promise.all([import('../../../shared/logic/format.ts'), import('../table.ts'), host.translator()])
  const head = [t('telemetry.cli.column.trace'), t('telemetry.cli.column.start'), t('telemetry.cli.column.duration'), t('telemetry.cli.column.spans'), t('telemetry.cli.column.errors'), t('telemetry.cli.column.root')]
  const rows = traces.map((trace) => [
    trace.traceId, new Date(Number(BigInt(trace.startTimeUnixNano) / 1_000_000n)).toISOString().slice(11, 23), formatDuration(Number(trace.durationNs)), String(trace.spans), String(trace.errors),
    `${trace.rootService}  ${trace.rootName}`,
  ])
  await host.write(table(head, rows))
}

async function showTrace(host: Host, spans: readonly Span[], chain: boolean): Promise<void> {
  if (host.output === 'text') return (await import('../trace-lines.ts')).printTrace(host, spans, chain)
  const { encodeTracesJson } = await import('../../engine/index.ts')
  return host.json(JSON.parse(await encodeTracesJson(spans)))
}

async function tail(host: Host, flags: Where): Promise<void> {
  const source = await open(flags)
  const { printSpans } = await import('../span-lines.ts')
  for await (const item of source.tail(host.signal)) {
    if (item.kind === 'spans') await printSpans(host, item.spans)
    else await host.warn('telemetry.cli.dropped', { count: item.count })
  }
}

async function importFile(host: Host, file: string, { http }: Where): Promise<void> {
  const { readTraceFile } = await import('../../engine/index.ts')
  const { spans, rejected } = await readTraceFile(file)
  await (await open(http === undefined ? {} : { http })).add(spans, host.signal)
  if (host.output === 'text') await host.say('telemetry.cli.imported', { count: spans.length, rejected })
  else await host.json({ spans: spans.length, rejected })
}
