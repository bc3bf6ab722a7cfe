// Older files are brought up one format at a time. The list is append-only: entry n turns format n+1 into n+2, gapless by its form,
// and is never edited once released, since files of every format exist for ever. Format 1 is the first and only one so far.

import type { JsonObject } from './parse-json.ts'

type Upgrade = (document: JsonObject) => JsonObject

const upgrades: readonly Upgrade[] = []

/** The format that this version writes. */
export const currentFormat = upgrades.length + 1

/** Applies what lies between the file's format and ours. */
export function upgrade(document: JsonObject, format: number, steps: readonly Upgrade[] = upgrades): JsonObject {
  return steps.slice(format - 1).reduce((older, step, index) => ({ ...step(older), format: format + index + 1 }), document)
}
