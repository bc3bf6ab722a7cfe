import { describe, expect, it } from 'vitest'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import { messagesOf, placedInBody } from '../../../../src-main/engine/stream/messages-of.ts'

describe('messagesOf', () => {
  it('gives the messages of a body with their places', () => {
    expect([...messagesOf('{"id": 1}\n\n  {"id":\n2}')]).toEqual([{ json: '{"id": 1}', offset: 0, line: 1, column: 1 }, { json: '{"id":\n2}', offset: 13, line: 3, column: 3 }])
  })

  it('gives none of an empty body', () => {
    expect([...messagesOf(' \n')]).toEqual([])
  })
})

describe('placedInBody', () => {
  const placed = (at: object | undefined): unknown => {
    const error = placedInBody(fail('body', 'codec', 'codec.json.empty', {}, at === undefined ? {} : { at }), { line: 7, column: 5 })
    return error instanceof KiteError ? error.data.at : error
  }

  it('moves a place in a message to its place in the body', () => {
    expect([placed({ line: 1, column: 3, path: 'a' }), placed({ line: 2, column: 3 }), placed(undefined)]).toEqual([{ line: 7, column: 7, path: 'a' }, { line: 8, column: 3 }, { line: 7, column: 5 }])
  })

  it('leaves what is no error of ours', () => {
    const bug = new Error('bug')
    expect(placedInBody(bug, { line: 1, column: 1 })).toBe(bug)
  })
})
