// Bodies to start from: they hold what must be there, and the codec takes them as they are.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { exampleBody, exampleValueOf } from '../../../../src-main/engine/idl/example.ts'
import { findMethod } from '../../../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { createCodecArea } from '../../../../src-main/engine/codec-area.ts'
import type { IdlSet } from '../../../../shared/model/idl.ts'
import { generateThrift } from '../../../support/generate-thrift.ts'
import { loadText } from './load-text.ts'

function bodyOf(idl: IdlSet, name: string): string {
  const found = findMethod(idl, name)
  return found.ok ? exampleBody(idl, found.value.method) : JSON.stringify(found.error)
}

it('fills required and default fields, and leaves optional ones out', async () => {
  const idl = await loadText(`enum E { X = 3, Y }
    union U { 1: E e, 2: string s }
    struct R { 1: required i64 id, 2: optional i32 no, 3: string name, 4: bool ok, 5: double d, 6: binary raw, 7: list<string> tags, 8: map<i32, E> levels, 9: E level, 10: U u, 11: uuid key, 12: map<list<i32>, i32> odd, 13: i32 limit = 20, 14: i64 big = 9007199254740993 }
    service S { void f(1: R r) }`)
  expect(bodyOf(idl, 'f')).toBe(`{
  "id": 1,
  "name": "name",
  "ok": true,
  "d": 1.5,
  "raw": "cmF3",
  "tags": [
    "tags"
  ],
  "levels": {
    "1": "X"
  },
  "level": "X",
  "u": {
    "e": "X"
  },
  "key": "00000000-0000-4000-8000-000000000001",
  "odd": [
    [
      [
        1
      ],
      1
    ]
  ],
  "limit": 20,
  "big": 9007199254740993
}`)
})

it('is the argument itself where there is one, else an object of them', async () => {
  const idl = await loadText('service S { void none() void one(1: i32 a) void two(1: i32 a, 2: string b = "x") }')
  expect(['none', 'one', 'two'].map((name) => bodyOf(idl, name))).toEqual(['{}', '1', '{\n  "a": 1,\n  "b": "x"\n}'])
})

it('cuts recursion where it closes', async () => {
  const idl = await loadText(`struct Node { 1: i32 id, 2: Node next, 3: list<Node> all, 4: required map<string, Node> by, 5: Other other }
    struct Other { 1: required Back back }
    struct Back { 1: Node node, 2: string s }
    union Tree { 1: Tree left, 2: list<Tree> leaves }
    service S { Node f(1: Node n) Tree g(1: Tree t) }`)
  expect(JSON.parse(bodyOf(idl, 'f'))).toEqual({ id: 1, all: [], by: {}, other: { back: { s: 's' } } })
  expect(JSON.parse(bodyOf(idl, 'g'))).toEqual({ leaves: [] })
})

it('gives an example of a reply, and null for void', async () => {
  const idl = await loadText('struct R { 1: required i32 a }\nservice S { list<R> f() void g() string h() }')
  expect(idl.services[0]?.methods.map(({ returns }) => exampleValueOf(idl, returns))).toEqual(['[\n  {\n    "a": 1\n  }\n]', 'null', '"text"'])
})

it('encodes, for every method of every fixture', async () => {
  const codec = createCodecArea(process.cwd())
  const sets = [await loadIdl({ paths: ['test/fixtures/idl/shop/user.thrift'] }), await loadText(readFileSync('test/fixtures/idl/everything.thrift', 'utf8')), await loadText(generateThrift(3))]
  const failed: string[] = []
  let count = 0
  for (const idl of sets) {
    for (const service of idl.services) {
      for (const method of service.methods) {
        count++
        const name = `${service.name}/${method.name}`
        await codec.encode(idl, `${name}#args`, exampleBody(idl, method)).catch((caught: unknown) => failed.push(`${name}: ${String(caught)}`))
      }
    }
  }
  expect([failed, count]).toEqual([[], 22])
})
