import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../../../../shared/i18n/translate.ts'
import type { JsonNode } from '../../../../../shared/logic/json/node.ts'
import { pathAt } from '../../../../../shared/logic/json/path.ts'
import { positionAt } from '../../../../../shared/logic/json/position.ts'
import { maxJsonDepth, readJson } from '../../../../../shared/logic/json/read.ts'

const { text: word } = createTranslator('en')

/** What JSON.parse would give, for comparing. */
function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]))
    case 'array':
      return node.items.map(plain)
    case 'number':
      return Number(node.raw)
    case 'null':
      return null
    default:
      return node.value
  }
}

/** `line:column message` of everything found. */
const said = (text: string): readonly string[] =>
  readJson(text).issues.map(({ start, severity, text: message }) => `${Object.values(positionAt(text, start)).join(':')} ${severity}: ${word(message)}`)

describe('readJson', () => {
  it('agrees with JSON.parse on every JSON text, indented or not', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent)
      const { root, issues } = readJson(text)
      expect(issues).toEqual([])
      expect(root === undefined ? undefined : plain(root)).toEqual(JSON.parse(text))
    }))
  })

  it('accepts what JSON.parse accepts and refuses all else but what is documented', () => {
    fc.assert(fc.property(fc.stringMatching(/^[[\]{}",:0-9eE.+\-\\utrnfals ]*$/), (text) => {
      let parsed = true
      try {
        JSON.parse(text)
      } catch {
        parsed = false
      }
      const { root, issues } = readJson(text)
      expect(root !== undefined).toBe(parsed || (root !== undefined && issues.some(({ severity }) => severity === 'warning')))
    }), { numRuns: 2000 })
  })

  it('keeps every digit of a number and its range', () => {
    const text = '{"a": 9223372036854775807, "b": [-0.0, 1e-400]}'
    const { root } = readJson(text)
    const object = root?.kind === 'object' ? root : undefined
    expect(object?.members.map(({ key, keyStart, keyEnd, value }) => [key, text.slice(keyStart, keyEnd), text.slice(value.start, value.end)])).toEqual([
      ['a', '"a"', '9223372036854775807'],
      ['b', '"b"', '[-0.0, 1e-400]'],
    ])
  })

  it('keeps both values of a repeated key and reports it at the second', () => {
    expect(said('{"a":1,\n "a":2}')).toEqual(['2:2 warning: The key "a" is repeated: the last value counts.'])
    const many = `{${Array.from({ length: 20 }, (_, n) => `"k${n}":0`).join()},"k3":1}`
    expect(said(many)).toEqual([`1:${many.lastIndexOf('"k3"') + 1} warning: The key "k3" is repeated: the last value counts.`])
  })

  it('passes over comments, trailing commas and a byte order mark, and says so', () => {
    expect(said('\ufeff// one\n{"a": [1, /* two */ 2,],}')).toEqual([
      '1:2 note: A comment: read here, no part of standard JSON.',
      '2:11 note: A comment: read here, no part of standard JSON.',
      '2:22 warning: A comma before the closing bracket is ignored here, and refused by other readers.',
      '2:24 warning: A comma before the closing bracket is ignored here, and refused by other readers.',
    ])
  })

  it('reads NaN and Infinity without quotes, with a warning', () => {
    expect(said('[NaN, -Infinity]')).toEqual([
      '1:2 warning: NaN without quotes is no standard JSON: write "NaN".',
      '1:7 warning: -Infinity without quotes is no standard JSON: write "-Infinity".',
    ])
  })

  it.each([
    ['', '1:1 error: The JSON text is empty: write a value, such as {}.'],
    ['  // only this', '1:3 note: A comment: read here, no part of standard JSON.'],
    ['{"a" 1}', '1:6 error: Expected a colon after the key, found "1".'],
    ['{a: 1}', '1:2 error: Expected a key in double quotes, found "a".'],
    ['[1 2]', '1:4 error: Expected a comma or ], found "2".'],
    ['{"a":1\n"b":2}', '2:1 error: Expected a comma or }, found """.'],
    ['{"a":[1,2}', '1:10 error: Expected a comma or ], found "}".'],
    ['{"a":[1,2', '1:6 error: The list that opens here is not closed: expected a comma or ].'],
    ['{"a":', '1:6 error: Expected a JSON value, but the text ends here.'],
    ['{"a":1} {', '1:9 error: Expected the end of the text, found "{": a body is one JSON value.'],
    ['"abc', '1:1 error: The string that opens here is not closed: expected a double quote.'],
    ['"a\nb"', '1:3 error: A control character (U+000a) stands in a string: write it as \\u000a.'],
    ['"\\x"', '1:2 error: "\\x" is no escape of JSON: use \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits.'],
    ['01', '1:1 error: "01" begins with a zero: remove it, or quote the text if it is a string.'],
    ['1.', '1:1 error: "1." is no complete number: expected a digit next.'],
    ['-', '1:1 error: "-" is no complete number: expected a digit next.'],
    ['[,]', '1:2 error: Expected a JSON value, found ",".'],
    ['undefined', '1:1 error: "undefined" is no JSON value: put strings and keys in double quotes.'],
    ['/* open', '1:1 error: The comment that opens here is not closed: expected */.'],
  ])('says where and what of %j', (text, expected) => {
    expect(said(text)[0]).toBe(expected)
    expect(readJson(text).root).toBeUndefined()
  })

  it('refuses a hundred thousand brackets without overflowing', () => {
    const { root, issues } = readJson('['.repeat(100_000))
    expect(root).toBeUndefined()
    expect(issues.map(({ text }) => word(text))).toEqual([`Nested deeper than ${maxJsonDepth} levels.`])
  })

  it('reads a megabyte of hostile text in one pass', () => {
    const text = `[${'"\\u0041",'.repeat(100_000)}1]`
    const { root } = readJson(text)
    expect(root?.kind === 'array' ? root.items.length : 0).toBe(100_001)
  })
})

describe('positionAt', () => {
  it('counts lines of all three kinds', () => {
    expect([0, 1, 2, 3, 5, 6, 7].map((offset) => positionAt('a\nb\r\nc\rd', offset))).toEqual([
      { line: 1, column: 1 }, { line: 1, column: 2 }, { line: 2, column: 1 }, { line: 2, column: 2 }, { line: 3, column: 1 }, { line: 3, column: 2 }, { line: 4, column: 1 },
    ])
  })
})

describe('pathAt', () => {
  it('names members, odd keys and elements', () => {
    const text = '{"req": {"users": [{"name": 1}, {"a b": true}]}}'
    const { root } = readJson(text)
    const at = (piece: string): string => (root === undefined ? '' : pathAt(root, text.indexOf(piece)))
    expect([at('1'), at('true'), at('"users"'), at('{')]).toEqual(['req.users[0].name', 'req.users[1]["a b"]', 'req.users', ''])
  })
})
