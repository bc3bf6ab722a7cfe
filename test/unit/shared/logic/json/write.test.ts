import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prettyJson, quoteJson, RawJson, stringifyExact } from '../../../../../shared/logic/json/write.ts'

describe('prettyJson', () => {
  it('prints as JSON.stringify does', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('-0'))
      expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2))
    }))
  })

  it('keeps digits, repeated keys and escapes as written', () => {
    expect(prettyJson('{"a":9223372036854775807,"a":-0.0,"b":["\\u00e9",{}]}')).toBe('{\n  "a": 9223372036854775807,\n  "a": -0.0,\n  "b": [\n    "\\u00e9",\n    {}\n  ]\n}')
  })

  it('gives text that is no JSON back as it is', () => {
    expect(prettyJson('{"a":')).toBe('{"a":')
  })
})

describe('stringifyExact', () => {
  it('writes bigint, -0, NaN and raw pieces', () => {
    expect(stringifyExact({ id: 2n ** 63n, zero: -0, nan: Number.NaN, left: undefined, raw: new RawJson('[1.0]'), list: [undefined, null] })).toBe(
      '{"id":9223372036854775808,"zero":-0.0,"nan":"NaN","raw":[1.0],"list":[null,null]}',
    )
  })

  it('agrees with JSON.stringify on plain values', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value, (_, item: unknown) => (Object.is(item, -0) ? '-0' : item)).includes('"-0"'))
      expect(stringifyExact(value)).toBe(JSON.stringify(value))
    }))
  })
})

describe('quoteJson', () => {
  it('agrees with JSON.stringify on every string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(quoteJson(value)).toBe(JSON.stringify(value))
    }))
  })
})
