import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonSplitter, type JsonPiece } from '../../../../../shared/logic/json/split.ts'

function split(chunks: readonly string[]): readonly JsonPiece[] {
  const splitter = new JsonSplitter()
  const pieces: JsonPiece[] = []
  const take = (): void => {
    for (let piece = splitter.next(); piece !== undefined; piece = splitter.next()) pieces.push(piece)
  }
  for (const chunk of chunks) {
    splitter.feed(chunk)
    take()
  }
  splitter.end()
  take()
  return pieces
}

const texts = (text: string): readonly string[] => split([text]).map(({ json }) => json)

describe('JsonSplitter', () => {
  it('finds values on lines of their own, on one line and without anything between', () => {
    expect(texts('{"a":1}\n{"a":2} {"a":3}{"a":4}[5]"six"7 8\ntrue')).toEqual(['{"a":1}', '{"a":2}', '{"a":3}', '{"a":4}', '[5]', '"six"', '7', '8', 'true'])
  })

  it('finds nothing in an empty text, blanks and comments', () => {
    expect([texts(''), texts(' \n\t\r\n'), texts('// one\n/* { */')]).toEqual([[], [], []])
  })

  it('is not led astray by brackets, quotes and comment signs within strings and comments', () => {
    const values = ['{"a":"}{\\"]"}', '["// no","/* no */","\\\\"]', '{/* } */"b":1}', '{// }\n"c":2}']
    expect(texts(values.join('\n'))).toEqual(values)
  })

  it('keeps every digit', () => {
    expect(texts('18446744073709551615 1.10 -0.0')).toEqual(['18446744073709551615', '1.10', '-0.0'])
  })

  it('tells line and column of each value', () => {
    expect(split(['{"a":\n1} 2\r\n /* x\n */ [3]\r"four\n']).map(({ line, column }) => [line, column])).toEqual([[1, 1], [2, 4], [4, 5], [5, 1]])
  })

  it('hands on what is no JSON, so that its reader can say why', () => {
    expect(texts('{"a":1},{"b":2}')).toEqual(['{"a":1}', ',', '{"b":2}'])
    expect(texts('] {"a":')).toEqual([']', '{"a":'])
    expect(texts('"open')).toEqual(['"open'])
    expect(texts('"open\\')).toEqual(['"open\\'])
    expect(texts('/')).toEqual(['/'])
  })

  it('gives a value as soon as its last bracket is there', () => {
    const splitter = new JsonSplitter()
    splitter.feed('{"a":1')
    expect(splitter.next()).toBeUndefined()
    splitter.feed('}')
    expect(splitter.next()?.json).toBe('{"a":1}')
  })

  it('gives the same pieces wherever the text is cut', () => {
    const value = fc.letrec((tie) => ({ any: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), fc.constant(null), fc.array(tie('any')), fc.dictionary(fc.string(), tie('any'))) })).any
    const between = fc.constantFrom('\n', ' ', '\r\n', '\t', '/* [ */', '// {\n')
    fc.assert(fc.property(fc.array(fc.tuple(value, between)), fc.array(fc.nat(200)), (values, cuts) => {
      const text = values.map(([each, space]) => `${JSON.stringify(each)}${space}`).join('')
      const chunks: string[] = []
      let at = 0
      for (const cut of cuts) {
        chunks.push(text.slice(at, at + cut))
        at += cut
      }
      const pieces = split([...chunks, text.slice(at)])
      expect(pieces).toEqual(split([text]))
      expect(pieces.map(({ offset, json }) => text.slice(offset, offset + json.length))).toEqual(pieces.map(({ json }) => json))
      expect(pieces.map(({ json }) => json)).toEqual(values.map(([each]) => JSON.stringify(each)))
    }))
  })
})
