// A bug crashes at once and says what was believed; what can happen in the world is a Result or a KiteError instead.

export function assert(condition: unknown, belief: string): asserts condition {
  if (condition !== true) throw new Error(`believed: ${belief}`)
}

/** Ends a switch over a union: a new member becomes a compile error. */
export function assertNever(value: never): never {
  throw new Error(`believed: no other case than those handled, got ${JSON.stringify(value)}`)
}

export function assertExists<T>(value: T | undefined, belief: string): T {
  if (value === undefined) throw new Error(`believed: ${belief}`)
  return value
}
