import { describe, expect, it } from 'vitest'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { equals, parsePath, valueAt } from '../../../../src-main/engine/mock/match-request.ts'

const body = readJson('{"user":{"id":9007199254740993,"name":"林","tags":["a",{"k":1.50}]},"ids":[1,2],"labels":{"a.b":"x"},"none":null,"ok":true,"big":"9007199254740993"}').root
const holds = (path: string, wanted: unknown): boolean => body !== undefined && equals(valueAt(body, parsePath(path) ?? []), wanted)

describe('field paths', () => {
  it.each([
    ['user.id', ['user', 'id']], ['ids[0]', ['ids', 0]], ['a[1][2].b', ['a', 1, 2, 'b']], ['labels["a.b"]', ['labels', 'a.b']], ['["x"].y', ['x', 'y']],
    ['', undefined], ['a b', undefined], ['a[', undefined], ['a[x]', undefined],
  ])('%j', (path, steps) => expect(parsePath(path)).toEqual(steps))
})

describe('matching a value', () => {
  it.each([
    ['user.id', 9007199254740993n], ['user.id', '9007199254740993'], ['big', 9007199254740993n], ['user.name', '林'], ['user.tags[1].k', 1.5], ['ids', [1, 2]], ['ids', [1n, 2n]], ['labels["a.b"]', 'x'],
    ['none', null], ['ok', true], ['user', { name: '林', id: 9007199254740993n, tags: ['a', { k: 1.5 }] }],
  ])('%s is %o', (path, wanted) => expect(holds(path, wanted)).toBe(true))

  it.each([
    ['user.id', 9007199254740992n], ['user.id', 'x'], ['user.missing', null], ['ids[2]', 1], ['ids', [1]], ['ids', [2, 1]], ['ok', 'true'], ['none', undefined], ['user', { id: 9007199254740993n }], ['user.name', 0],
  ])('%s is not %o', (path, wanted) => expect(holds(path, wanted)).toBe(false))
})
