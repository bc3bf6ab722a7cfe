import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWire, stringifyWire } from '../../../../shared/ipc/wire-json.ts'

const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 },
    fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt(), fc.uint8Array(), fc.constant(undefined),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', 'v', '__proto__', 'constructor')), tie('any').filter((member) => member !== undefined), { maxKeys: 4 })),
})).any

describe('wire JSON', () => {
  it('carries what structured clone carries', () => {
    fc.assert(fc.property(value, (given) => {
      expect(parseWire(stringifyWire(given))).toEqual(structuredClone(given))
    }))
  })

  it('keeps digits, bytes and odd numbers exactly', () => {
    const odd = { big: 9007199254740993n, minus: -0, no: Number.NaN, far: -Infinity, bytes: Uint8Array.of(0, 255, 7), list: [undefined, 1] }
    const back = parseWire(stringifyWire(odd))
    expect(back).toEqual(odd)
    expect(Object.is((back as typeof odd).minus, -0)).toBe(true)
  })

  it('leaves out undefined members, as JSON does', () => {
    expect(stringifyWire({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  it('mistakes nobody\'s own "$" key for a tag', () => {
    const own = { $: 'bigint', v: '1' }
    expect(parseWire(stringifyWire({ own }))).toEqual({ own })
  })

  it.each(['{', '{"$":"bigint","v":"x"}', '{"$":"function"}', '{"$":"bytes","v":"*"}', '{"$":5}'])('refuses %s', (text) => {
    expect(() => parseWire(text)).toThrow(SyntaxError)
  })

  it('does not let a key reach a prototype', () => {
    const parsed = parseWire('{"__proto__":{"polluted":true}}')
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
    expect(Object.hasOwn(parsed as object, '__proto__')).toBe(true)
  })
})
