import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExact } from '../../../../src-main/engine/telemetry/otlp/exact-json.ts'
import { maxObjects } from '../../../../src-main/engine/telemetry/otlp/wire-reader.ts'

describe('JSON of strangers', () => {
  it('is what JSON.parse gives, wherever no integer is long', () => {
    const check = (text: string): void => {
      fc.pre(!/(?<![\d.])\d{16,}(?![\d.eE])/.test(text))
      expect(parseExact(text)).toEqual(JSON.parse(text))
    }
    fc.assert(fc.property(fc.json(), check), { examples: [['"\\"\\\\"'], ['["\\\\", 1]']] })
  })

  it.each([
    ['1760000000123456789', '1760000000123456789'],
    ['[-9223372036854775808,1]', ['-9223372036854775808', 1]],
    ['{"a": 18446744073709551615 , "b":"say \\"1760000000123456789\\""}', { a: '18446744073709551615', b: 'say "1760000000123456789"' }],
    ['[1760000000123456.5,1760000000123456e2]', [1760000000123456.5, 176000000012345600]],
  ])('%s keeps every digit', (text, value) => expect(parseExact(text)).toEqual(value))

  it.each(['', '{', '1760000000123456789x', '"open', '[1111111111111111,"'])('%s is no JSON', (text) => expect(() => parseExact(text)).toThrow(SyntaxError))

  it('ends at once on a string of escapes that never closes, which a pattern would read from every quote again', () => {
    expect(() => parseExact(`[1111111111111111,"${'\\"'.repeat(500_000)}`)).toThrow(SyntaxError)
  })

  it('is refused by the number of its parts before any of them is made', () => {
    expect(() => parseExact('['.repeat(maxObjects + 1))).toThrow(`more than ${maxObjects} objects`)
  })
})
