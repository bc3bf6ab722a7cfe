// What the demo's first call shows: the reply as `kite call` prints it, the chain as its ladder, the trace as its tree.

import type { CallRecord } from '../../shared/model/call.ts'
import type { Span } from '../../shared/model/trace.ts'
import { stringifyExact, prettyJson } from '../../shared/logic/json/write.ts'
import { recordDocument } from './call/document.ts'
import { ladderLines } from './call/ladder.ts'
import type { Host } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { sentences } from './report.ts'
import { printTrace } from './trace-lines.ts'

export async function printRecord(host: Host, record: CallRecord, spans: readonly Span[]): Promise<void> {
  const translator = await host.translator()
  host.finish(record.error === undefined ? 0 : exitCodeOf(record.error))
  if (host.output !== 'text') return host.line(stringifyExact(recordDocument(record, translator, undefined), host.output === 'json' ? 2 : 0))
  if (record.response !== undefined) await host.line(`${prettyJson(record.response)}\n`)
  if (record.error !== undefined) host.note(sentences(record.error, translator).join('\n'))
  await host.line(`${ladderLines(record, translator).join('\n')}\n`)
  await printTrace(host, spans)
}
