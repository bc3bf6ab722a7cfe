// The call record as scripts read it (cli.md): nanoseconds as text, the reply set in exactly as the codec wrote it, reasons worded and
// beside them their codes, which never change with the language.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { Translator } from '../../../shared/i18n/translate.ts'
import { explainCall } from '../../../shared/logic/explain-call.ts'
import { RawJson } from '../../../shared/logic/json/write.ts'
import { entryLines } from '../../../shared/logic/stream/lines.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { StreamSummary } from '../../../shared/model/stream.ts'
import type { ChainNode } from '../../../shared/model/chain.ts'
import { errorDocument } from '../report.ts'
import type { CallStats } from './stats.ts'

/** For stringifyExact. */
export function recordDocument(record: CallRecord, translator: Translator, stats: CallStats | undefined): unknown {
  const explanation = explainCall(record)
  return {
    id: record.id, traceId: record.traceId, spanId: record.spanId,
    service: record.service, method: record.method, transport: record.transport, codec: record.codec,
    instance: record.instance ?? null,
    startTimeUnixNano: record.startTimeUnixNano, durationNs: String(Math.round(record.durationNs)),
    outcome: record.outcome,
    response: record.response === undefined ? null : new RawJson(record.response),
    error: record.error === undefined ? null : callError(record.error, translator),
    explanation: [explanation.text, ...(explanation.because === undefined ? [] : [explanation.because])].map((text) => translator.text(text)).join(' '),
    warnings: record.warnings.map((warning) => errorDocument(warning, translator)),
    metainfo: { backward: Object.fromEntries(record.metainfo.backward) },
    headers: record.headers, trailers: record.trailers, bytes: record.bytes,
    ...(record.byteViews.length === 0 ? {} : { byteViews: record.byteViews }),
    ...(record.crossCheck === undefined ? {} : { crossCheck: record.crossCheck }),
    ...(stats === undefined ? {} : { stats }),
    ...(record.stream === undefined ? {} : { stream: streamDocument(record.stream, translator) }),
    chain: { nodes: record.chain.nodes.map((node) => nodeDocument(node, translator)) },
    seed: record.seed,
  }
}

/** Counts and the messages that were kept. */
function streamDocument({ kept, ...counts }: StreamSummary, translator: Translator): unknown {
  const lines = kept.flatMap((entry) => entryLines(entry, (error) => errorDocument(error, translator)).map(({ event, fields }) => ({ event, seq: entry.seq, atNs: String(Math.round(entry.atNs)), ...fields })))
  return { ...counts, kept: lines }
}

/** A declared exception has its type and value, a business error its own message. */
function callError(error: ErrorData, translator: Translator): unknown {
  const document = errorDocument(error, translator)
  if (error.biz !== undefined) return { ...document, code: 'biz_error', status: error.biz.status, message: error.biz.message, extra: error.biz.extra }
  const { exception } = error
  if (exception === undefined) return document
  return {
    ...document,
    type: exception.type,
    ...(exception.typeId === undefined ? {} : { typeId: exception.typeId }),
    ...(exception.json === undefined ? {} : { value: new RawJson(exception.json) }),
  }
}

function nodeDocument(node: ChainNode, translator: Translator): unknown {
  return {
    n: node.n, parent: node.parent, kind: node.kind, name: node.name, verdict: node.verdict,
    reason: translator.text(node.reason), reasonCode: node.reason.key, reasonParams: node.reason.params ?? {},
    attempt: node.attempt,
    startNs: String(node.startNs), endNs: String(node.endNs), ownNs: String(node.ownNs),
    waits: node.waits.map(({ startNs, endNs, reason }) => ({ startNs: String(startNs), endNs: String(endNs), reason: translator.text(reason) })),
    source: node.source, deltas: node.deltas, decision: node.decision ?? {},
  }
}
