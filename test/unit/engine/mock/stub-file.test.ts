import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { bindStubs } from '../../../../src-main/engine/mock/stub-book.ts'
import { parseStubFile } from '../../../../src-main/engine/mock/stub-file.ts'

const idl = await loadIdl({ paths: [resolve('test/fixtures/mock/shop.thrift')] })
const load = (text: string) => bindStubs(idl, parseStubFile(text, 'stubs.yaml'))

/** `line:column path key params` of what loading throws. */
function complaintOf(text: string): unknown {
  try {
    load(text)
  } catch (caught) {
    const { data } = KiteError.from(caught)
    return [data.code, `${data.at?.file}:${data.at?.line}:${data.at?.column}`, data.at?.path, data.text.key]
  }
  return undefined
}

describe('a stub file', () => {
  it('is YAML or JSON, and keeps every digit of an integer', () => {
    const yaml = load('stubs:\n  - method: GetUser\n    match: { userId: 9007199254740993 }\n    reply: { id: 9007199254740993, name: 王小明, level: GOLD }\n    delayMs: 5\n    backward: { served-by: mock }\n')
    const json = load('{\n\t"format": 1,\n\t"stubs": [{"method": "UserService/GetUser", "match": {"userId": 9007199254740993}, "reply": {"id": 9007199254740993, "name": "王小明", "level": "GOLD"}, "delayMs": 5, "backward": {"served-by": "mock"}}]\n}')
    expect(json).toEqual(yaml)
    expect(yaml[0]).toMatchObject({
      index: 0, match: [{ steps: ['userId'], wanted: 9007199254740993n }], outcome: { kind: 'reply', json: '{"id":9007199254740993,"name":"王小明","level":"GOLD"}' }, delayMs: 5, backward: [['served-by', 'mock']],
    })
  })

  it('may answer by exception, business error or fault, and without an answer gives the example after a delay', () => {
    const stubs = load([
      'stubs:',
      '  - { method: GetUser, exception: { type: NotFound, value: { what: user, id: 7 } } }',
      '  - { method: Sum, biz: { status: 42, message: sold out, extra: { sku: a } } }',
      '  - { method: Note, fault: { message: boom } }',
      '  - { method: Reset, delayMs: 100 }',
    ].join('\n'))
    expect(stubs.map(({ outcome }) => outcome)).toEqual([
      { kind: 'exception', type: 'NotFound', json: '{"what":"user","id":7}' },
      { kind: 'biz', status: 42, message: 'sold out', extra: { sku: 'a' } },
      { kind: 'fault', typeId: 6, message: 'boom' },
      undefined,
    ])
  })

  it.each([
    ['syntax', 'stubs: [\n  {method: GetUser', 'file', 'stubs.yaml:2:', undefined, 'mock.stubFileSyntax'],
    ['a missing method', 'stubs:\n  - reply: 1\n', 'file', 'stubs.yaml:2:5', 'stubs[0].method', 'mock.stubFileShape'],
    ['a wrong type', 'stubs:\n  - method: GetUser\n    delayMs: soon\n', 'file', 'stubs.yaml:3:14', 'stubs[0].delayMs', 'mock.stubFileShape'],
    ['an empty file', '', 'file', 'stubs.yaml:', '', 'mock.stubFileShape'],
    ['two answers', 'stubs:\n  - method: GetUser\n    reply: {id: 1}\n    fault: {message: x}\n', 'file', 'stubs.yaml:4:12', 'stubs[0].fault', 'mock.stubTwoOutcomes'],
    ['an unknown method', 'stubs:\n  - method: GetUsr\n', 'file', 'stubs.yaml:2:13', 'stubs[0].method', 'error.methodUnknown'],
    ['an answer to oneway', 'stubs:\n  - method: Touch\n    reply: 1\n', 'file', 'stubs.yaml:3:12', 'stubs[0].reply', 'mock.stubOnewayReply'],
    ['a path that is none', 'stubs:\n  - method: Sum\n    match: {"a b": 1}\n    reply: 3\n', 'file', 'stubs.yaml:3:20', 'stubs[0].match.a b', 'mock.stubBadPath'],
  ])('names the place of %s', (_, text, code, place, path, key) => {
    const found = complaintOf(text) as string[]
    expect([found[0], found[1]?.slice(0, place.length), found[2], found[3]]).toEqual([code, place, path, key])
  })

  it('names the field inside a reply that does not fit its type', () => {
    expect(complaintOf('stubs:\n  - method: GetUser\n    reply:\n      id: 1\n      level: SILVER\n')).toEqual(['file', 'stubs.yaml:4:7', 'stubs[0].reply.level', expect.stringMatching(/^codec\./)])
    expect(complaintOf('stubs:\n  - method: GetUser\n    exception: { type: Oops, value: {} }\n')).toEqual(['file', 'stubs.yaml:3:16', expect.stringMatching(/^stubs\[0\]\.exception/), expect.stringMatching(/\./)])
  })
})

describe('a mistyped key of a stub file', () => {
  it('is refused at its value, since it would be left out without a word', () => {
    expect(complaintOf('stubs:\n  - method: GetUser\n    replly: { id: 1 }\n')).toEqual(['file', 'stubs.yaml:3:13', 'stubs[0].replly', 'mock.stubUnknownKey'])
    expect(complaintOf('stub: []\nstubs: []\n')).toEqual(['file', 'stubs.yaml:1:7', 'stub', 'mock.stubUnknownKey'])
  })
})
