import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { createMessageMeter, createThriftBinary, createThriftCompact, measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { crossCheck } from '../../../../src-main/engine/codec/cross-check.ts'
import { mutate, seededRandom } from '../../../support/fuzz/mutate.ts'
import { randomCase } from './random-idl.ts'

const codecs = [createThriftBinary(), createThriftCompact()]

describe.each(codecs)('any JSON value of any IDL type in $name', (codec) => {
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

describe('both wire forms', () => {
  // An empty map of Compact does not say its types.
  const untold = (json: string): string => json.replace(/map<[a-z0-9]+,[a-z0-9]+>","value":\[\]/g, 'map<stop,stop>","value":[]')

  it('say the same of fields that the reader does not know, and write back what they said', () => {
    fc.assert(fc.property(randomCase, ({ rest: { idl, service, method }, json }) => {
      const stranger = { ...method, args: [], returns: { kind: 'void', written: 'void' } } as const
      const told = codecs.map((codec) => codec.forMethod(idl, service, stranger).decodeRequest(codec.forMethod(idl, service, method).encodeRequest(json, 77)).json)
      expect(told[1]).toBe(untold(told[0] ?? ''))
      expect(told[1]).toContain('$unknown')
      codecs.forEach((codec, index) => {
        const sent = codec.forMethod(idl, service, method).encodeRequest(json, 77)
        // Compact leaves out what Binary said too much.
        for (const said of told.slice(0, index + 1)) expect(codec.forMethod(idl, service, stranger).encodeRequest(said, 77).toString('hex')).toBe(sent.toString('hex'))
      })
    }), { numRuns: 200 })
  })
})

describe.each(codecs)('hostile bytes as $name', (codec) => {
  it('of 20,000 mutated messages never crash, hang or take memory beyond the budget', () => {
    const random = seededRandom(20_260_101)
    const samples = fc.sample(randomCase, { numRuns: 100, seed: 7 })
    let accepted = 0
    for (let n = 0; n < 20_000; n++) {
      const sample = samples[n % samples.length]
      if (sample === undefined) continue
      const { rest: { idl, service, method }, json } = sample
      const compiled = codec.forMethod(idl, service, method)
      const message = mutate(compiled.encodeRequest(json, 77), random, { keep: codec.name === 'thrift-binary' ? 16 : 8 })
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
