// Span ids of what happens below a call, derived from the call's own id. Whoever sends an attempt's traceparent and whoever draws
// the attempt's span come to the same id without talking, and a reopened record gives the same spans again.

/** 16 hex digits, never all zero; `what` names the part, such as `attempt 2`. FNV-1a, 64 bits. */
export function childSpanId(parent: string, what: string): string {
  let hash = 0xcbf29ce484222325n
  for (const char of `${parent}/${what}`) hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n)
  return (hash === 0n ? 1n : hash).toString(16).padStart(16, '0')
}
