// What stands before values, in either form of the wire. Types are those of `wire.ts`.

/** A field's header. */
export interface FieldHeader {
  readonly type: number
  readonly id: number
  readonly length: number
  /** The value, where the header holds it (a bool in Compact). */
  readonly held?: string
}

/** The header of a list, set or map: `types` has one or two entries, or none where an empty map says none. */
export interface ContainerHeader {
  readonly types: readonly number[]
  readonly count: number
  readonly length: number
}
