import { expect, it } from 'vitest'
import { checkBody } from '../../../../shared/logic/body/check.ts'
import { anyMessages } from '../../../../shared/logic/body/shape.ts'
import { prettyMessages } from '../../../../shared/logic/json/pretty-messages.ts'

it('checks each message of a stream that no IDL describes, and tells its place in the whole', () => {
  expect(checkBody('["a"]\n{"b": 1}', anyMessages)).toEqual([])
  expect(checkBody('["a"]\n{"b": }', anyMessages).map(({ start, severity }) => [start, severity])).toEqual([[12, 'error']])
})

it('formats each message, and none where one is half written', () => {
  expect(prettyMessages('{"a":1} [2]')).toBe('{\n  "a": 1\n}\n[\n  2\n]')
  expect(prettyMessages('{"a":1} [')).toBeUndefined()
  expect(prettyMessages('  ')).toBeUndefined()
})
