// The way from a body's text to a codec's values: the JSON is read, a conversion runs over it, and whatever either finds wrong gets its place in
// the text.

import { fail, type ErrorData, type KiteError } from '../../../../shared/base/error.ts'
import type { JsonNode, JsonObject, JsonReading } from '../../../../shared/logic/json/node.ts'
import { positionAt } from '../../../../shared/logic/json/position.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import type { ReadBodyFile } from './bytes-from-json.ts'
import { BodyFault, bodyError, bodyWarning } from './fault.ts'

export interface BodyOptions {
  readonly readFile?: ReadBodyFile
  readonly onWarning?: ((warning: ErrorData) => void) | undefined
}

/** What a conversion may ask and say. */
export interface BodyReading {
  readonly readFile: ReadBodyFile
  /** Told about what is accepted but doubtful. */
  readonly warn: (fault: BodyFault) => void
}

/** What an empty body stands for. */
export const emptyObject: JsonObject = { kind: 'object', start: 0, end: 0, members: [] }

/** The root of a JSON text; what the reader tolerated is passed on as warnings. */
export function readBody(text: string, options: BodyOptions): JsonNode {
  const reading = readJson(text)
  for (const { severity, text: said, start } of reading.issues) {
    if (severity === 'warning') options.onWarning?.({ code: 'body', layer: 'codec', text: said, at: positionAt(text, start) })
  }
  if (reading.root === undefined) throw syntaxError(text, reading)
  return reading.root
}

function syntaxError(text: string, { issues }: JsonReading): KiteError {
  const issue = issues.find(({ severity }) => severity === 'error')
  if (issue === undefined) throw new Error('believed: no root means an error')
  return fail('body', 'codec', issue.text.key, issue.text.params, { at: positionAt(text, issue.start) })
}

/** Runs a conversion and places its faults in the text. */
export function convert<T>(text: string, root: JsonNode, options: BodyOptions, conversion: (reading: BodyReading) => T): T {
  try {
    return conversion({ readFile: options.readFile, warn: (fault) => options.onWarning?.(bodyWarning(fault, text, root)) })
  } catch (thrown) {
    throw thrown instanceof BodyFault ? bodyError(thrown, text, root) : thrown
  }
}
