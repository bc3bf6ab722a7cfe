import { expect, it } from 'vitest'
import { copiedText, prettyReply, shownReply } from '../../../../src-renderer/features/request/shown-reply.ts'

const http = (type?: string, cut?: number) => ({ transport: 'http', headers: type === undefined ? [] : [['Content-Type', type] as const], ...(cut === undefined ? {} : { responseCut: { characters: cut } }) })

it('shows a text that a server answered with as that text', () => {
  expect(shownReply(http('text/html'), '"<p class=\\"x\\">\\n你好"')).toEqual({ kind: 'text', text: '<p class="x">\n你好', type: 'text/html' })
})

it('keeps JSON that is a string, or null, where the server says that it is JSON', () => {
  expect([shownReply(http('application/json; charset=utf-8'), '"text"'), shownReply(http('application/problem+json'), 'null'), shownReply(http('application/json'), '{"a":1}')]).toEqual([{ kind: 'json' }, { kind: 'json' }, { kind: 'json' }])
})

it('knows a reply without a body', () => {
  expect([shownReply(http(), 'null'), copiedText({ ...http(), response: 'null' })]).toEqual([{ kind: 'none' }, ''])
})

it('shows replies of other transports as JSON, also strings', () => {
  expect([shownReply({ transport: 'framed', headers: [] }, '"text"'), shownReply({ transport: 'grpc', headers: [] }, 'null')]).toEqual([{ kind: 'json' }, { kind: 'json' }])
})

it('shows the beginning of a text that was cut, wherever the cut fell', () => {
  expect(shownReply(http('text/plain', 100), '"C:\\\\')).toEqual({ kind: 'text', text: 'C:\\', type: 'text/plain' })
  for (const cut of ['"one\\ntwo', '"one\\ntwo\\', '"one\\ntwo\\u00', '"one\\ntwo\\u0']) expect(shownReply(http('text/plain', 100), cut)).toEqual({ kind: 'text', text: 'one\ntwo', type: 'text/plain' })
})

it('makes JSON pretty, and leaves what is none', () => {
  expect([prettyReply('{"a":9007199254740993}'), prettyReply('{"a":')]).toEqual(['{\n  "a": 9007199254740993\n}', '{"a":'])
})
