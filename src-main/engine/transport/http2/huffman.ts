// HPACK's Huffman code (RFC 7541 appendix B). The code is canonical, so that the lengths alone make it: codes of one length are numbered in
// order of their symbols. Read four bits at a time by a table of states, since no code is shorter than five.

const lengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
]
const endOfString = 256

interface Tables {
  readonly codes: Uint32Array
  readonly lengths: Uint8Array
  /** By state * 16 + nibble: next state in the high bits, then whether a symbol ends here, then the symbol. */
  readonly steps: Uint32Array
  /** States in which a string may end: fewer than eight bits of padding, all ones. */
  readonly accepts: Uint8Array
}

const emits = 0x100
const dead = 0xffff

/** Bytes that a Latin-1 text takes when coded. */
export function huffmanLength(text: string): number {
  const { lengths: bits } = tables()
  let sum = 0
  for (let i = 0; i < text.length; i++) sum += bits[text.charCodeAt(i) & 0xff] ?? 0
  return (sum + 7) >> 3
}

/** Writes a Latin-1 text coded at an offset of `into`, which has {@link huffmanLength} bytes of room; tells where it ends. */
export function huffmanWrite(text: string, into: Buffer, at: number): number {
  const { codes, lengths: bits } = tables()
  let held = 0
  let heldBits = 0
  let end = at
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i) & 0xff
    let left = bits[symbol] ?? 0
    const code = codes[symbol] ?? 0
    // At most 7 bits are held; a code of 30 bits comes in two parts, so that 32 suffice.
    while (left > 0) {
      const taken = Math.min(left, 16)
      left -= taken
      held = (held << taken) | ((code >>> left) & ((1 << taken) - 1))
      heldBits += taken
      while (heldBits >= 8) {
        heldBits -= 8
        into[end++] = (held >>> heldBits) & 0xff
      }
      held &= 0xff
    }
  }
  if (heldBits > 0) into[end++] = ((held << (8 - heldBits)) | (0xff >>> heldBits)) & 0xff
  return end
}

/** Reads coded bytes as Latin-1 text; undefined when they are no code, hold the end mark, or are padded wrongly (RFC 7541 5.2). */
export function huffmanRead(bytes: Buffer, start: number, end: number): string | undefined {
  const { steps, accepts } = tables()
  const out = Buffer.allocUnsafe((end - start) * 2)
  let length = 0
  let state = 0
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0
    const first = steps[(state << 4) | (byte >> 4)] ?? 0
    if (first >>> 16 === dead) return undefined
    if ((first & emits) !== 0) out[length++] = first & 0xff
    const second = steps[((first >>> 16) << 4) | (byte & 15)] ?? 0
    if (second >>> 16 === dead) return undefined
    if ((second & emits) !== 0) out[length++] = second & 0xff
    state = second >>> 16
  }
  return accepts[state] === 1 ? out.latin1Slice(0, length) : undefined
}

let made: Tables | undefined
/** Made when first needed: what calls over Thrift never pays for. */
const tables = (): Tables => (made ??= makeTables())

function makeTables(): Tables {
  const codes = canonicalCodes()
  const { children, padding } = makeTree(codes)
  const states = children.length / 2
  const steps = new Uint32Array(states * 16)
  for (let state = 0; state < states; state++) for (let nibble = 0; nibble < 16; nibble++) steps[state * 16 + nibble] = step(children, state, nibble)
  return { codes, lengths: Uint8Array.from(lengths), steps, accepts: Uint8Array.from(padding) }
}

function canonicalCodes(): Uint32Array {
  const order = lengths.map((_, symbol) => symbol).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  const codes = new Uint32Array(lengths.length)
  let code = 0
  let before = 5
  for (const symbol of order) {
    const length = lengths[symbol] ?? 0
    code <<= length - before
    before = length
    codes[symbol] = code++
  }
  return codes
}

interface Tree {
  /** By node * 2 + bit: an inner node, or -1 - symbol. */
  readonly children: readonly number[]
  readonly padding: readonly number[]
}

function makeTree(codes: Uint32Array): Tree {
  const children: number[] = [0, 0]
  const padding: number[] = [1]
  for (let symbol = 0; symbol < codes.length; symbol++) {
    let node = 0
    const length = lengths[symbol] ?? 0
    for (let bit = length - 1; bit >= 0; bit--) {
      const at = node * 2 + (((codes[symbol] ?? 0) >>> bit) & 1)
      if (bit === 0) children[at] = -1 - symbol
      else {
        if (children[at] === 0) {
          // The all-ones path up to seven bits is padding.
          padding.push(padding[node] === 1 && at % 2 === 1 && length - bit < 8 ? 1 : 0)
          children[at] = children.length / 2
          children.push(0, 0)
        }
        node = children[at] ?? 0
      }
    }
  }
  return { children, padding }
}

function step(children: readonly number[], state: number, nibble: number): number {
  let node = state
  let emitted = 0
  for (let bit = 3; bit >= 0; bit--) {
    const child = children[node * 2 + ((nibble >> bit) & 1)] ?? 0
    if (child >= 0) node = child
    else if (-1 - child === endOfString) return (dead << 16) >>> 0
    else {
      emitted = emits | (-1 - child)
      node = 0
    }
  }
  return ((node << 16) | emitted) >>> 0
}
