// One line of the history file: `{"format":1,"entry":{…},"record":{…}}`. The entry comes first so that the list can be read without
// parsing the records: the bytes `,"record":` cannot stand inside a JSON string, where their quotes would be escaped.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { HistoryEntry } from '../../../shared/model/workspace.ts'

const head = '{"format":1,"entry":'
const seam = ',"record":'
/** A line longer than this gives up its bytes, then its chain's changes, then its reply. */
export const recordLimit = 2 * 1024 * 1024

/** What the list shows of a record. */
export function entryOf(record: CallRecord): HistoryEntry {
  const { id, startTimeUnixNano, service, method, outcome, durationNs, bytes } = record
  const attempts = record.chain.nodes.filter((node) => node.kind === 'attempt').length
  return { id, startTimeUnixNano, service, method, outcome, durationNs, retries: Math.max(0, attempts - 1), bytes }
}

/** The line, with its newline, within the limit; `record` is what the line holds. */
export function writeLine(record: CallRecord, limit: number = recordLimit): { readonly line: string; readonly record: CallRecord } {
  const kept = trim(record, limit)
  return { record: kept, line: `${head}${JSON.stringify(entryOf(kept))}${seam}${JSON.stringify(kept)}}\n` }
}

/** The entry of a line without its newline; undefined when the line is torn or not ours. */
export function readEntry(line: Buffer): HistoryEntry | undefined {
  if (!line.subarray(0, head.length).equals(Buffer.from(head)) || line.at(-1) !== 0x7d) return undefined
  const at = line.indexOf(seam)
  if (at < 0) return undefined
  try {
    const entry: HistoryEntry = JSON.parse(line.subarray(head.length, at).toString('utf8'))
    return entry
  } catch {
    return undefined
  }
}

/** The record of a line; undefined when it is torn. */
export function readRecord(line: Buffer): CallRecord | undefined {
  const at = line.indexOf(seam)
  if (at < 0) return undefined
  try {
    const record: CallRecord = JSON.parse(line.subarray(at + seam.length, line.length - 1).toString('utf8'))
    return record
  } catch {
    return undefined
  }
}

function trim(whole: CallRecord, limit: number): CallRecord {
  // A reply that alone is beyond the limit is not written out to be measured.
  const record = (whole.response?.length ?? 0) > limit ? withoutReply(whole, limit) : whole
  const steps: readonly ((full: CallRecord) => CallRecord)[] = [
    (full) => ({ ...full, byteViews: [], warnings: [...full.warnings, trimmed(limit)] }),
    (full) => ({ ...full, chain: { nodes: full.chain.nodes.map((node) => ({ ...node, deltas: [] })) } }),
    ({ response: _, ...full }) => full,
  ]
  let kept = record
  for (const step of steps) {
    if (JSON.stringify(kept).length <= limit) break
    kept = step(kept)
  }
  return kept
}

function withoutReply({ response: _, ...rest }: CallRecord, limit: number): CallRecord {
  return { ...rest, warnings: [...rest.warnings, trimmed(limit)] }
}

const trimmed = (limit: number): ErrorData => ({
  code: 'file', layer: 'workspace', text: { key: 'workspace.recordTrimmed', params: { limit: `${Math.round(limit / 1024)} KiB` } },
})
