import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { createMessageMeter, createThriftBinary, measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { crossCheck } from '../../../../src-main/engine/codec/cross-check.ts'
import { randomCase } from './random-idl.ts'

const codec = createThriftBinary()

describe('any JSON value of any IDL type', () => {
  it('goes to bytes and back unchanged, and is measured and explained to its last byte', () => {
    fc.assert(fc.property(randomCase, ({ rest: { idl, service, method }, json }) => {
      const compiled = codec.forMethod(idl, service, method)
      const message = compiled.encodeRequest(json, 77)
      expect(compiled.decodeRequest(message)).toMatchObject({ json, warnings: [] })
      expect(measureMessage(Buffer.concat([message, Buffer.from([1, 2, 3])]), 0)).toBe(message.length)
      const reply = compiled.encodeReply({ kind: 'reply', json }, 5)
      expect(compiled.decodeReply(reply)).toMatchObject({ kind: 'reply', json, warnings: [] })
      expect(covered(compiled.explain(message, 10))).toEqual([{ start: 10, end: 10 + message.length }])
      expect(covered(codec.explain(message, 0))).toEqual([{ start: 0, end: message.length }])
    }), { numRuns: 300 })
  })

  it('is read alike by the thrift package of Apache', async () => {
    await fc.assert(fc.asyncProperty(randomCase, async ({ rest: { idl, service, method }, json }) => {
      const message = codec.forMethod(idl, service, method).encodeRequest(json, 77)
      expect(await crossCheck(message, idl, service, method, 'sent')).toEqual({ agreed: true, differences: [] })
    }), { numRuns: 100 })
  })

  it('cut off anywhere gives an error with an offset, never a crash', () => {
    fc.assert(fc.property(randomCase, ({ rest: { idl, service, method }, json }) => {
      const compiled = codec.forMethod(idl, service, method)
      const message = compiled.encodeRequest(json, 77)
      for (let length = 0; length < message.length; length++) {
        const piece = message.subarray(0, length)
        const error = thrownBy(() => compiled.decodeRequest(piece))
        expect(error?.data.code).toBe('protocol')
        expect(error?.data.at?.offset).toBeLessThanOrEqual(length)
        expect(measureMessage(piece, 0)).toBeUndefined()
      }
    }), { numRuns: 60 })
  })

  it('is measured alike in pieces of any size', () => {
    fc.assert(fc.property(randomCase, fc.integer({ min: 1, max: 40 }), ({ rest: { idl, service, method }, json }, size) => {
      const message = codec.forMethod(idl, service, method).encodeRequest(json, 77)
      const meter = createMessageMeter()
      const found: (number | undefined)[] = []
      for (let end = 0; end < message.length; end += size) found.push(meter(message.subarray(0, end), 0))
      expect(found.every((length) => length === undefined)).toBe(true)
      expect([meter(message, 0), meter(message, 0)]).toEqual([message.length, message.length])
    }), { numRuns: 100 })
  })
})

describe('hostile bytes', () => {
  it('of 20,000 mutated messages never crash, hang or take memory beyond the budget', () => {
    const random = mulberry(20_260_101)
    const samples = fc.sample(randomCase, { numRuns: 100, seed: 7 })
    let accepted = 0
    for (let n = 0; n < 20_000; n++) {
      const sample = samples[n % samples.length]
      if (sample === undefined) continue
      const { rest: { idl, service, method }, json } = sample
      const compiled = codec.forMethod(idl, service, method)
      const message = mutate(compiled.encodeRequest(json, 77), random)
      const error = thrownBy(() => compiled.decodeRequest(message))
      if (error === undefined) accepted++
      else expect(error.data.layer).toBe('codec')
      if (n % 10 === 0) {
        thrownBy(() => measureMessage(message, 0))
        expect(compiled.explain(message, 0).length).toBeGreaterThan(0)
        codec.explain(message, 0)
      }
    }
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(20_000)
  })
})

interface Range { readonly start: number; readonly end: number }

/** Leaves joined where they touch: one range means that nothing is left out and nothing overlaps. */
function covered(nodes: readonly (Range & { readonly children?: readonly Range[] })[]): readonly Range[] {
  const leaves: Range[] = []
  const visit = (node: Range & { readonly children?: readonly Range[] }): void => {
    if (node.children === undefined || node.children.length === 0) leaves.push({ start: node.start, end: node.end })
    else node.children.forEach(visit)
  }
  nodes.forEach(visit)
  return leaves.reduce<Range[]>((joined, leaf) => {
    const last = joined.at(-1)
    return last?.end === leaf.start ? [...joined.slice(0, -1), { start: last.start, end: leaf.end }] : [...joined, leaf]
  }, [])
}

function thrownBy(run: () => unknown): KiteError | undefined {
  try {
    run()
    return undefined
  } catch (thrown) {
    if (thrown instanceof KiteError) return thrown
    throw thrown
  }
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Flips, overwrites with extreme numbers, repeats or drops some bytes; the head stays so that the body is reached. */
function mutate(message: Buffer, random: () => number): Buffer {
  const head = 16
  let bytes = Buffer.from(message)
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = head + Math.floor(random() * Math.max(1, bytes.length - head))
    const kind = Math.floor(random() * 4)
    if (kind === 0 && at < bytes.length) bytes[at] = Math.floor(random() * 256)
    else if (kind === 1 && at + 4 <= bytes.length) bytes.writeInt32BE([0x7fff_ffff, -1, 0x10_0000, -0x8000_0000][Math.floor(random() * 4)] ?? 0, at)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(head, Math.min(bytes.length, head + 32)), bytes.subarray(at)])
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + Math.floor(random() * 8))])
  }
  return bytes
}
