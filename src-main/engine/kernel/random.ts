// Randomness that can be told again: a seed stands in each call record, and the same seed gives the same picks and the same jitter.

/** Numbers in [0, 1). */
export type Random = () => number

/** Mulberry32: 32 bits of state, passes the usual tests, and one line to port to any language that replays a record. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
