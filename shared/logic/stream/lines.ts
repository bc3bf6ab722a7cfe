// A stream's entries as lines of JSON for scripts (cli.md `ndjson`): what `kite call` prints and what the window exports. Messages stand in
// as the codec wrote them, digit by digit.

import type { ErrorData } from '../../base/error.ts'
import type { StreamEntry } from '../../model/stream.ts'
import { RawJson } from '../json/write.ts'

/** One line without its `seq`. */
export interface EntryLine {
  readonly event: StreamEntry['event']
  readonly fields: Readonly<Record<string, unknown>>
}

/** The lines of an entry, for stringifyExact: one each, and of header and trailer one a pair. `word` makes of an error what scripts read. */
export function entryLines(entry: StreamEntry, word: (error: ErrorData) => unknown): readonly EntryLine[] {
  const { event } = entry
  switch (event) {
    case 'send': case 'message': {
      const { index, bytes, json, compressed, warnings } = entry
      return [{ event, fields: { index, bytes, value: new RawJson(json), ...(compressed === true ? { compressed } : {}), ...(warnings === undefined ? {} : { warnings: warnings.map(word) }) } }]
    }
    case 'unreadable':
      return [{ event, fields: { index: entry.index, bytes: entry.bytes, error: word(entry.error) } }]
    case 'header': case 'trailer':
      return entry.pairs.length === 0 ? [{ event, fields: {} }] : entry.pairs.map(([key, value]) => ({ event, fields: { key, value } }))
    case 'half-close':
      return [{ event, fields: {} }]
    case 'stall':
      return [{ event, fields: { waitedNs: String(Math.round(entry.waitedNs)) } }]
    case 'end':
      return [{ event, fields: entry.error === undefined ? {} : { error: word(entry.error) } }]
  }
}
