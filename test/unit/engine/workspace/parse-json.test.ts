import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { firstMistake, parseJson } from '../../../../src-main/engine/workspace/parse-json.ts'

const placeOf = (text: string): unknown => {
  try {
    parseJson(text, 'f')
  } catch (caught) {
    return KiteError.from(caught).data.at
  }
  return undefined
}

describe('the place of a mistake in JSON', () => {
  it.each([
    ['', 1, 1],
    ['{"a": x}', 1, 7],
    ['{\n  "a": 1,\n}', 3, 1],
    ['[1, 2', 1, 6],
    ['{"a" 1}', 1, 6],
    ['{"a": 1} 2', 1, 10],
    ['{"a": "x\n"}', 1, 7],
    ['[01]', 1, 3],
    ['{"a": 1]', 1, 8],
  ])('in %j is line %i, column %i', (text, line, column) => {
    expect(placeOf(text)).toEqual({ file: 'f', line, column })
  })

  it('is the end of any text that is cut short, and never runs on', () => {
    fc.assert(fc.property(fc.json().filter((text) => /^[[{"]/.test(text)), fc.nat(), (text, cut) => {
      const part = text.slice(0, cut % text.length)
      const at = firstMistake(part)
      expect(at).toBeLessThanOrEqual(part.length)
      expect(firstMistake(text)).toBe(text.length)
    }))
  })

  it('takes a byte order mark', () => {
    expect(parseJson('\uFEFF{"a":1}', 'f')).toEqual({ a: 1 })
  })
})
