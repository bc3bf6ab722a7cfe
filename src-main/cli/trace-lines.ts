// A trace drawn on a terminal: for `kite trace show` and `kite demo --once`.

import { drawTrace } from '../../shared/logic/trace/draw.ts'
import { formatDuration } from '../../shared/logic/format.ts'
import { withoutMiddlewares } from '../../shared/logic/trace/without-middlewares.ts'
import type { Span } from '../../shared/model/trace.ts'
import type { Host } from './command.ts'

/** The tree on stdout, its head and legend on stderr. `chain` shows the console's middlewares too. */
export async function printTrace(host: Host, all: readonly Span[], chain = false): Promise<void> {
  const translator = await host.translator()
  const spans = chain ? all : withoutMiddlewares(all)
  const ends = spans.map(({ endNs }) => endNs)
  const starts = spans.map(({ startNs }) => startNs)
  const took = Number(ends.reduce((a, b) => (a > b ? a : b), 0n) - starts.reduce((a, b) => (a < b ? a : b), starts[0] ?? 0n))
  const params = { id: spans[0]?.traceId ?? '', duration: formatDuration(took), spans: spans.length, services: new Set(spans.map(({ service }) => service)).size }
  if (!host.quiet) host.note(translator.t('telemetry.cli.traceHead', params))
  const lines = drawTrace(spans, {
    columns: host.terminal.out ? host.terminal.columns : 120,
    missing: (reason) => translator.t(`telemetry.missing.${reason}`),
    ...(host.color.out ? { paint } : {}),
  })
  await host.line(lines.join('\n'))
  if (!host.quiet) host.note(translator.t('telemetry.cli.legend'))
}

const codes = { path: 33, error: 31, dim: 2, plain: 0 } as const
const paint = (text: string, kind: keyof typeof codes): string => (kind === 'plain' ? text : `\u001b[${codes[kind]}m${text}\u001b[0m`)

