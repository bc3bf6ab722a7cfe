// A stream entry as a line of the log's file: what frames the message as JSON, a tab, and the message's own JSON untouched, so that a search
// sees what a person sees and no digit is read. Neither part holds a raw tab before the message or a line break anywhere.

import { compactJson } from '../../../shared/logic/json/write.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'

type StreamMessageEntry = Extract<StreamEntry, { readonly event: 'send' | 'message' }>

/** The line with its line break. */
export function writeLine(entry: StreamEntry): string {
  if (entry.event !== 'send' && entry.event !== 'message') return `${JSON.stringify(entry)}\n`
  const { json, ...frame } = entry
  const text = compactJson(json)
  // By hand, since this runs for every message of a fast stream.
  if (entry.warnings === undefined && entry.compressed === undefined) return `{"seq":${entry.seq},"atNs":${entry.atNs},"event":"${entry.event}","index":${entry.index},"bytes":${entry.bytes}}\t${text}\n`
  return `${JSON.stringify(frame)}\t${text}\n`
}

/** Reads a line that {@link writeLine} wrote, without its line break. */
export function readLine(line: string): StreamEntry {
  const tab = line.indexOf('\t')
  // These lines were written by this process a moment ago.
  if (tab === -1) {
    const entry: StreamEntry = JSON.parse(line)
    return entry
  }
  const frame: Omit<StreamMessageEntry, 'json'> = JSON.parse(line.slice(0, tab))
  return { ...frame, json: line.slice(tab + 1) }
}
