// The messages that a body holds: JSON values one after another, on lines of their own or not. A place in a message is turned into a place
// in the body here, so that a mistake in the thousandth line of a file is told by its line.

import { KiteError } from '../../../shared/base/error.ts'
import { splitJson, type JsonPiece } from '../../../shared/logic/json/split.ts'

export type { JsonPiece }

/** Cuts a body into its messages, as they are written. An empty body holds none. What is no JSON is a piece too: who reads it says so. */
export const messagesOf = (body: string): Generator<JsonPiece, void, undefined> => splitJson(body)

/** What reading a message threw, with its place in the body instead of in the message. */
export function placedInBody(caught: unknown, { line, column }: Pick<JsonPiece, 'line' | 'column'>): unknown {
  if (!(caught instanceof KiteError)) return caught
  const { at } = caught.data
  if (at?.line === undefined) return new KiteError({ ...caught.data, at: { ...at, line, column } })
  const isFirst = at.line === 1
  return new KiteError({ ...caught.data, at: { ...at, line: line + at.line - 1, ...(at.column === undefined ? {} : { column: isFirst ? column + at.column - 1 : at.column }) } })
}
