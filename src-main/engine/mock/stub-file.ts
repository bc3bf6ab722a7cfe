// A stub file as people write it (YAML or JSON), checked as far as it can be without an IDL. Integers keep all their digits: they are
// read as bigint and written into replies as they stand. Each complaint has its line and column.

import { readFile } from 'node:fs/promises'
import { LineCounter, isNode, parseDocument, type Document } from 'yaml'
import { KiteError, fail, type Place, type TextParams } from '../../../shared/base/error.ts'
import { nearest } from '../../../shared/logic/nearest.ts'
import { stubFileSchema, stubSchema, type Stub } from '../../../shared/model/mock.ts'

/** Where in a stub a complaint belongs; a path such as `['reply']`. */
export type PlaceOf = (path: readonly (string | number)[]) => Place

/** A stub with its exact values: `reply`, `exception.value` and the values of `match` may hold bigint at any depth. */
export interface WrittenStub {
  readonly index: number
  readonly stub: Stub
  readonly exact: { readonly reply?: unknown; readonly exceptionValue?: unknown; readonly match: Readonly<Record<string, unknown>> }
  readonly place: PlaceOf
}

/** Throws KiteError `file` with the place of the first mistake. */
export async function readStubFile(path: string): Promise<readonly WrittenStub[]> {
  try {
    return parseStubFile(await readFile(path, 'utf8'), path)
  } catch (caught) {
    if (caught instanceof KiteError) throw caught
    throw fail('file', 'mock', 'mock.stubFileUnreadable', {}, { at: { file: path }, cause: KiteError.from(caught, 'mock').data })
  }
}

/** Throws KiteError `file` with the place of the first mistake. */
export function parseStubFile(text: string, file: string): readonly WrittenStub[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { intAsBigInt: true, lineCounter: lines, prettyErrors: false })
  const [broken] = document.errors
  if (broken !== undefined) throw complaint('mock.stubFileSyntax', { problem: broken.message }, { file, ...at(lines, broken.pos[0]) })
  const exact: unknown = document.toJS({ maxAliasCount: 100 })
  const stubs = membersOf(exact, 'stubs')
  refuseUnknown(exact, [], stubFileSchema.shape, (path) => placeIn(document, lines, file, path))
  if (Array.isArray(stubs)) stubs.forEach((stub, index) => refuseUnknown(stub, ['stubs', index], stubSchema.shape, (path) => placeIn(document, lines, file, path)))
  const parsed = stubFileSchema.safeParse(withNumbers(exact))
  const place = (path: readonly (string | number)[]): Place => placeIn(document, lines, file, path)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol')
    throw complaint('mock.stubFileShape', { problem: issue?.message ?? '' }, { ...place(path), path: pathText(path) })
  }
  return parsed.data.stubs.map((stub, index) => checked({
    index,
    stub,
    exact: exactOf(Array.isArray(stubs) ? stubs[index] : undefined),
    place: (path) => ({ ...place(['stubs', index, ...path]), path: pathText(['stubs', index, ...path]) }),
  }))
}

const complaint = (key: string, params: TextParams, place: Place): KiteError => fail('file', 'mock', key, params, { at: place })

/** A mistyped key would be left out without a word, and the mock would answer something else. */
function refuseUnknown(value: unknown, path: readonly (string | number)[], shape: object, place: PlaceOf): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const known = Object.keys(shape)
  const key = Object.keys(value).find((name) => !known.includes(name))
  if (key === undefined) return
  const near = nearest(key, known)
  throw fail('file', 'mock', 'mock.stubUnknownKey', { key, known }, {
    at: { ...place([...path, key]), path: pathText([...path, key]) },
    ...(near === undefined ? {} : { hint: { key: 'mock.didYouMean', params: { name: near } } }),
  })
}

const outcomes = ['reply', 'exception', 'biz', 'fault'] as const

/** One outcome at most: of two nobody could say which one is meant. */
function checked(written: WrittenStub): WrittenStub {
  const given = outcomes.filter((outcome) => written.stub[outcome] !== undefined)
  const [, second] = given
  if (second !== undefined) throw complaint('mock.stubTwoOutcomes', { outcomes: given }, written.place([second]))
  return written
}

function exactOf(stub: unknown): WrittenStub['exact'] {
  const reply = membersOf(stub, 'reply')
  const exceptionValue = membersOf(membersOf(stub, 'exception'), 'value')
  const match = membersOf(stub, 'match')
  return {
    ...(reply === undefined ? {} : { reply }),
    ...(exceptionValue === undefined ? {} : { exceptionValue }),
    match: typeof match === 'object' && match !== null ? Object.fromEntries(Object.entries(match)) : {},
  }
}

function membersOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const member: readonly [string, unknown] | undefined = Object.entries(value).find(([name]) => name === key)
  return member?.[1]
}

/** For the schema, which knows JSON's numbers only. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(withNumbers)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]))
  return value
}

/** Of the node there, or of the nearest one above it that exists. */
function placeIn(document: Document.Parsed, lines: LineCounter, file: string, path: readonly (string | number)[]): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range !== undefined && node.range !== null) return { file, ...at(lines, node.range[0]) }
  }
  return { file }
}

function at(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

const pathText = (path: readonly (string | number)[]): string => path.map((step, n) => (typeof step === 'number' ? `[${step}]` : n === 0 ? step : `.${step}`)).join('')
