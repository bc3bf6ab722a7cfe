// A JSON text as a tree that forgets nothing: numbers keep their digits, repeated keys stay apart, and each node knows where it
// stands. `JSON.parse` loses all three, and a console that sends int64 and points at mistakes needs all three.

import type { Text } from '../../base/error.ts'

/** Range `[start, end)` in UTF-16 units of the text, as editors count. */
export interface JsonRange {
  readonly start: number
  readonly end: number
}

export interface JsonObject extends JsonRange {
  readonly kind: 'object'
  /** In the order written; a repeated key is repeated here. */
  readonly members: readonly JsonMember[]
}

export interface JsonArray extends JsonRange {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}

export interface JsonString extends JsonRange {
  readonly kind: 'string'
  /** With escapes resolved. */
  readonly value: string
}

export interface JsonNumber extends JsonRange {
  readonly kind: 'number'
  /** Exactly as written; also `NaN`, `Infinity` and `-Infinity`, which are read with a warning. */
  readonly raw: string
}

export interface JsonBoolean extends JsonRange {
  readonly kind: 'boolean'
  readonly value: boolean
}

export interface JsonNull extends JsonRange {
  readonly kind: 'null'
}

/** One value of a JSON text. */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull

/** `"key": value`; the range of the key includes its quotes. */
export interface JsonMember {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: JsonNode
}

/** `error`: no JSON. `warning`: read, but other readers may refuse or differ. `note`: tolerated and harmless here. */
export interface JsonIssue extends JsonRange {
  readonly severity: 'error' | 'warning' | 'note'
  readonly text: Text
}

/** What reading gave: no root exactly when an issue is an error. */
export interface JsonReading {
  readonly root: JsonNode | undefined
  /** In the order of the text. */
  readonly issues: readonly JsonIssue[]
}
