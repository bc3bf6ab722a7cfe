import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBody, exactInteger } from '../../../../shared/logic/body/check.ts'
import { bodyShape } from '../../../../shared/logic/body/shape.ts'
import { field, i64, method, requestType, shopIdl, text } from './shop-idl.ts'

const single = bodyShape(method([field(1, 'req', requestType)]), shopIdl)
const several = bodyShape(method([field(1, 'id', i64), field(2, 'name', text)]), shopIdl)

/** `key: the text that is marked`, in order. */
const found = (body: string, shape = single): readonly string[] => checkBody(body, shape).map(({ text: said, start, end }) => `${said.key.replace('app.body.', '')}: ${body.slice(start, end)}`)

describe('a body checked while it is typed', () => {
  it('finds nothing in a body that fits, with every digit of an i64', () => {
    expect(found('{ "userId": 9007199254740993, "levels": ["GOLD", 2], "labels": { "a": "-9223372036854775808" }, "choice": { "two": 1 } }')).toEqual([])
  })

  it('names the nearest field for an unknown one', () => {
    expect(checkBody('{ "userId": 1, "regoin": "x" }', single)).toEqual([
      { start: 15, end: 23, severity: 'error', text: { key: 'app.body.unknownFieldNear', params: { name: 'regoin', type: 'GetUserRequest', nearest: 'region' } } },
    ])
  })

  it('marks wrong types, missing required fields, unknown enum names and unions with two members at their places', () => {
    expect(found('{ "levels": "GOLD" }')).toEqual(['missing: {', 'wrongType: "GOLD"'])
    expect(found('{ "userId": 1, "levels": ["GOLDD", 7, 1.5] }')).toEqual(['unknownEnumNear: "GOLDD"', 'notInteger: 1.5'])
    expect(found('{ "userId": 1, "choice": { "one": "x", "two": 2 } }')).toEqual(['union: {'])
  })

  it('tells the range of a number that does not fit', () => {
    expect(checkBody('{ "userId": 9223372036854775808, "small": 128 }', single).map(({ text: said }) => said.params)).toEqual([
      { raw: '9223372036854775808', type: 'i64', min: '-9223372036854775808', max: '9223372036854775807' },
      { raw: '128', type: 'i8', min: '-128', max: '127' },
    ])
  })

  it('reads a single argument wrapped in its name, and several by their names', () => {
    expect(found('{ "req": { "userId": 1 } }')).toEqual([])
    expect(found('{ "req": { "userId": "x" } }')).toEqual(['notInteger: "x"'])
    expect(found('{ "id": 1, "name": 2 }', several)).toEqual(['wrongType: 2'])
  })

  it('keeps to what is no JSON when it is none', () => {
    expect(checkBody('{ "userId": 1, ', single)).toHaveLength(1)
    expect(checkBody('{ "anything": 1 }', undefined)).toEqual([])
  })
})

it('an integer written with a power or a fraction of zeros is the integer it stands for', () => {
  expect(['1e3', '2.0', '-1.50e1', '0.1', '1e-1', '12e-1', 'x', '007'].map(exactInteger)).toEqual([1000n, 2n, -15n, undefined, undefined, undefined, undefined, 7n])
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => exactInteger(String(value)) === value))
})
