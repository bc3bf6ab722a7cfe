// The chain as lines for a terminal: one row a node, attempts indented as lanes, what it said of itself, its own time. Each verdict has a
// sign and its words, never only a colour.

import type { Translator } from '../../../shared/i18n/translate.ts'
import { explainCall } from '../../../shared/logic/explain-call.ts'
import { formatDuration } from '../../../shared/logic/format.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { ChainNode, Verdict } from '../../../shared/model/chain.ts'
import { displayWidth } from '../../../shared/logic/display-width.ts'

const signs: Readonly<Record<Verdict, string>> = {
  pass: '·', changed: '+', 'short-circuit': '◂', rejected: '■', retried: '↻', 'fell-back': '↩', failed: '✕', skipped: '–', 'no-op': ' ',
}

interface Row {
  readonly name: string
  readonly says: string
  readonly own: string
}

/** Lines without an end of line. */
export function ladderLines(record: CallRecord, translator: Translator): readonly string[] {
  const { text, because } = explainCall(record)
  const sentence = [text, ...(because === undefined ? [] : [because])].map((each) => translator.text(each)).join(' ')
  const head = [record.method, record.instance?.address, record.transport, record.codec, `trace ${record.traceId}`].filter((part) => part !== undefined)
  const rows = record.chain.nodes.flatMap((node) => rowsOf(node, record.chain.nodes, translator))
  const widths = [Math.max(0, ...rows.map(({ name }) => displayWidth(name))), Math.max(0, ...rows.map(({ says }) => displayWidth(says)))]
  return [head.join(' · '), sentence, ...rows.map(({ name, says, own }) => `${pad(name, widths[0])}  ${pad(says, widths[1])}  ${own.padStart(8)}`.trimEnd())]
}

function rowsOf(node: ChainNode, nodes: readonly ChainNode[], translator: Translator): readonly Row[] {
  const inAttempt = node.attempt !== null && node.kind !== 'attempt'
  const indent = inAttempt ? '    ' : node.kind === 'attempt' ? '  ' : ''
  const own = node.verdict === 'skipped' || node.kind === 'attempt' ? '' : formatDuration(node.ownNs)
  const row = { name: `${indent}${signs[node.verdict]} ${node.name}`, says: translator.text(node.reason), own }
  return node.kind === 'attempt' ? [...waitBefore(node, nodes, translator), row] : [row]
}

/** The wait that led to this attempt stands before it. */
function waitBefore(attempt: ChainNode, nodes: readonly ChainNode[], translator: Translator): readonly Row[] {
  const waits = nodes.find(({ n }) => n === attempt.parent)?.waits ?? []
  const wait = waits.findLast(({ endNs }) => endNs <= attempt.startNs)
  const earlier = nodes.some(({ kind, startNs }) => kind === 'attempt' && startNs < attempt.startNs && wait !== undefined && startNs >= wait.endNs)
  if (wait === undefined || earlier) return []
  return [{ name: '  ░ wait', says: translator.text(wait.reason), own: formatDuration(wait.endNs - wait.startNs) }]
}

const pad = (text: string, width = 0): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)))
