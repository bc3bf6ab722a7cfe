// Damaged bytes out of whole ones, the same ones for the same seed: what every decoder has to survive. It knows no protocol; extreme
// numbers are written in every width and byte order, varints too, so that lengths and counts of any of them are hit.

/** Whole numbers from 0 up to but not including `below`. */
export type Random = (below: number) => number

/** Numbers that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export interface MutateOptions {
  /** Bytes at the begin that stay as they are, so that what follows them is reached; default: 0. */
  readonly keep?: number
  /** Most changes of one message; default: 4. */
  readonly changes?: number
}

const extremes = [0x7fff_ffff, -1, 0x10_0000, -0x8000_0000, 0, 1, 0xffff, 0x7fff, 0x100] as const
const varints = ['ffffffff0f', 'ffffffff07', 'ffffffffffffffffff01', 'ffffffffffffffffffffff01', '8080808000', 'ffff03', '80'].map((hex) => Buffer.from(hex, 'hex'))

type Change = (bytes: Buffer, at: number, random: Random, keep: number) => Buffer

const insert = (bytes: Buffer, at: number, more: Uint8Array, skip = 0): Buffer => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(Math.min(bytes.length, at + skip))])

const changes: readonly Change[] = [
  /** Any byte. */
  (bytes, at, random) => insert(bytes, at, Buffer.of(random(256)), 1),
  /** One bit. */
  (bytes, at, random) => insert(bytes, at, Buffer.of((bytes[at] ?? 0) ^ (1 << random(8))), 1),
  /** An extreme number in place of one. */
  (bytes, at, random) => {
    const number = Buffer.alloc(4)
    const value = extremes[random(extremes.length)] ?? 0
    if (random(2) === 0) number.writeInt32BE(value | 0)
    else number.writeInt32LE(value | 0)
    return insert(bytes, at, random(2) === 0 ? number : number.subarray(2), random(2) === 0 ? 4 : 2)
  },
  /** An extreme varint. */
  (bytes, at, random) => insert(bytes, at, varints[random(varints.length)] ?? Buffer.alloc(0), random(3)),
  /** A piece once more, somewhere else. */
  (bytes, at, random, keep) => {
    const from = keep + random(Math.max(1, bytes.length - keep))
    return insert(bytes, at, bytes.subarray(from, from + 1 + random(32)))
  },
  /** A piece less. */
  (bytes, at, random) => insert(bytes, at, Buffer.alloc(0), 1 + random(8)),
  /** Nothing from here on. */
  (bytes, at, random) => (random(4) === 0 ? bytes.subarray(0, at) : bytes),
  /** The same byte many times: depth, for formats where one byte opens a level. */
  (bytes, at, random) => insert(bytes, at, Buffer.alloc(1 + random(200), bytes[at] ?? 0)),
]

/** A damaged copy of a message; it may happen to be equal. */
export function mutate(message: Buffer, random: Random, { keep = 0, changes: most = 4 }: MutateOptions = {}): Buffer {
  let bytes: Buffer = Buffer.from(message)
  for (let left = 1 + random(most); left > 0; left--) {
    const first = Math.min(keep, bytes.length)
    const change = changes[random(changes.length)]
    if (change !== undefined) bytes = change(bytes, first + random(Math.max(1, bytes.length - first)), random, first)
  }
  return bytes
}

/** `count` damaged messages of the samples in turn. */
export function* mutations(samples: readonly Buffer[], count: number, seed: number, options?: MutateOptions): Generator<Buffer> {
  const random = seededRandom(seed)
  for (let n = 0; n < count; n++) {
    const sample = samples[n % samples.length]
    if (sample !== undefined) yield mutate(sample, random, options)
  }
}
