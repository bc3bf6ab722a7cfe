// Traces in a file: OTLP JSON, one message a line (`.jsonl`) or one whole document, perhaps compressed with gzip. What is wrong is
// told with its line; a span that cannot be kept is counted, its file goes on.

import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { KiteError, fail } from '../../../shared/base/error.ts'
import type { Span } from '../../../shared/model/trace.ts'
import type { DecodedTraces } from './otlp/decode-traces.ts'
import { ShapeError, decodeTracesJson } from './otlp/json-traces.ts'

const maxFileBytes = 1024 * 1024 * 1024

/** Throws KiteError `file`. */
export async function readTraceFile(path: string): Promise<DecodedTraces> {
  const text = await readText(path)
  if (text.trim() === '') throw fail('file', 'telemetry', 'telemetry.emptyTraceFile', {}, { at: { file: path }, hint: { key: 'telemetry.otlpHint' } })
  const lines = text.split('\n')
  const whole = lines.filter((line) => line.trim() !== '').length > 1 && !isDocument(lines[0] ?? '')
  return whole ? decodePart(path, text, 1) : joinAll(lines.map((line, index) => (line.trim() === '' ? noTraces : decodePart(path, line, index + 1))))
}

const noTraces: DecodedTraces = { spans: [], rejected: 0 }

/** Whether this line alone is a JSON document, which makes the file one of lines. */
function isDocument(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function decodePart(file: string, text: string, line: number): DecodedTraces {
  let decoded: DecodedTraces
  try {
    decoded = decodeTracesJson(text)
  } catch (caught) {
    const message = caught instanceof Error ? caught.message : String(caught)
    const path = caught instanceof ShapeError ? { path: caught.path } : {}
    throw fail('file', 'telemetry', 'telemetry.badTraceFile', { message }, { at: { file, line, ...path } })
  }
  // A receiver takes a message of other signals as empty; in a file it is the wrong file.
  const foreign = decoded.spans.length === 0 && decoded.rejected === 0 && !text.includes('resourceSpans')
  if (foreign) throw fail('file', 'telemetry', 'telemetry.notTraces', {}, { at: { file, line }, hint: { key: 'telemetry.otlpHint' } })
  return decoded
}

function joinAll(parts: readonly DecodedTraces[]): DecodedTraces {
  const spans: Span[] = []
  for (const part of parts) for (const span of part.spans) spans.push(span)
  const because = parts.find((part) => part.rejectedBecause !== undefined)?.rejectedBecause
  return { spans, rejected: parts.reduce((sum, part) => sum + part.rejected, 0), ...(because === undefined ? {} : { rejectedBecause: because }) }
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await promisify(gunzip)(bytes, { maxOutputLength: maxFileBytes }) : bytes
    return plain.toString('utf8').replace(/^\uFEFF/, '')
  } catch (caught) {
    throw fail('file', 'telemetry', 'telemetry.unreadableFile', {}, { at: { file: path }, cause: KiteError.from(caught, 'telemetry').data })
  }
}
