import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cursorContext } from '../../../../shared/logic/body/cursor-context.ts'
import { bodyShape } from '../../../../shared/logic/body/shape.ts'
import { hoverAt, suggestAt } from '../../../../shared/logic/body/suggest.ts'
import { field, method, requestType, shopIdl } from './shop-idl.ts'

const shape = bodyShape(method([field(1, 'req', requestType)]), shopIdl)

/** Suggestions where `|` stands, with the text they replace. */
function at(marked: string): { readonly labels: readonly string[]; readonly replaces: string } {
  const offset = marked.indexOf('|')
  const text = marked.replace('|', '')
  const { start, end, items } = suggestAt(text, offset, shape)
  return { labels: items.map(({ label }) => label), replaces: text.slice(start, end) }
}

describe('what may be written at the cursor', () => {
  it('offers the fields that are not there yet', () => {
    expect(at('{ "userId": 1, "|" }')).toEqual({ labels: ['levels', 'region', 'small', 'labels', 'choice'], replaces: '""' })
    expect(at('{|')).toEqual({ labels: ['userId', 'levels', 'region', 'small', 'labels', 'choice'], replaces: '' })
  })

  it('offers the names of an enum inside a list', () => {
    expect(at('{ "levels": ["SILVER", "G|"] }')).toEqual({ labels: ['SILVER', 'GOLD'], replaces: '"G"' })
  })

  it('goes into the wrapped form and into nested structs', () => {
    expect(at('{ "req": { "choice": { "|" } } }').labels).toEqual(['one', 'two'])
    expect(at('{ "choice": { | } }').labels).toEqual(['one', 'two'])
  })

  it('gives complete JSON to start from', () => {
    expect(suggestAt('{', 1, shape).items.slice(0, 3).map(({ snippet }) => snippet)).toEqual(['"userId": ${0:0}', '"levels": [$0]', '"region": "$0"'])
  })
})

describe('what the cursor stands on', () => {
  it('tells a field with its type and comment, and an enum name with its number', () => {
    expect(hoverAt('{ "userId": 1 }', 5, shape)).toEqual({ start: 2, end: 10, signature: '1: required i64 userId', doc: 'Unique id.' })
    expect(hoverAt('{ "levels": ["GOLD"] }', 16, shape)).toEqual({ start: 13, end: 19, signature: 'Level.GOLD = 2', doc: 'The best.' })
  })
})

it('finds a context at any offset of any text, however broken', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ':', ',', '"', 'a', '1', ' ', '\n', '\\', '/', '*') }), fc.nat(), (text, seed) => {
    const context = cursorContext(text, text.length === 0 ? 0 : seed % (text.length + 1))
    return context.start <= context.end && context.end <= text.length
  }))
})
