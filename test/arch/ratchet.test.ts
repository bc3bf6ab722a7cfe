// Counts of what weakens the types, which may only fall. When the count has fallen the test fails too, and says so: lower the number
// in ratchet.json (KITE_RATCHET=write does it), so that it cannot rise again.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { filesUnder, isTypeScript, parse, read, root, visit } from '../support/source-files.ts'

const path = 'test/arch/ratchet.json'
const kinds = ['any', 'as', 'nonNull', 'lintSwitchedOff'] as const
type Counts = Record<(typeof kinds)[number], number>

it('the product weakens its types no more than it did', () => {
  const counted = ['shared', 'src-main', 'src-renderer'].flatMap((folder) => filesUnder(folder, isTypeScript)).reduce(add, zero())
  if (process.env['KITE_RATCHET'] === 'write') writeFileSync(join(root, path), `${JSON.stringify(counted, undefined, 2)}\n`)
  const allowed = JSON.parse(read(path)) as Counts
  expect(kinds.filter((kind) => counted[kind] > allowed[kind]).map((kind) => `${kind}: ${counted[kind]}, allowed ${allowed[kind]}`)).toEqual([])
  expect(kinds.filter((kind) => counted[kind] < allowed[kind]).map((kind) => `well done, lower ${kind} to ${counted[kind]} in ${path}`)).toEqual([])
})

it('counts what it should', () => {
  const file = ts.createSourceFile('x.ts', 'let a: any = b as string; const c = [1] as const; d!.e // eslint-disable-line', ts.ScriptTarget.ES2023, true)
  expect(countIn(file)).toEqual({ any: 1, as: 1, nonNull: 1, lintSwitchedOff: 1 })
})

const zero = (): Counts => ({ any: 0, as: 0, nonNull: 0, lintSwitchedOff: 0 })

function add(sum: Counts, file: string): Counts {
  const counts = countIn(parse(file))
  return Object.fromEntries(kinds.map((kind) => [kind, sum[kind] + counts[kind]])) as Counts
}

function countIn(file: ts.SourceFile): Counts {
  const counts = zero()
  counts.lintSwitchedOff = file.text.match(/eslint-disable|@ts-ignore|@ts-expect-error/g)?.length ?? 0
  visit(file, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) counts.any += 1
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) counts.as += 1
    if (ts.isNonNullExpression(node)) counts.nonNull += 1
  })
  return counts
}
