// The engine names message keys as data, so the compiler does not see a mistyped one. Here each key that the source names is looked up,
// and each key of the catalogue is looked for in the source.

import ts from 'typescript'
import { expect, it } from 'vitest'
import { en } from '../../../../shared/i18n/catalogue.ts'
import { filesUnder, isTypeScript, parse, placeOf, visit } from '../../../support/source-files.ts'

const stems = new Set(Object.keys(en).map((key) => key.replace(/_(one|other)$/, '')))
const areas = new Set([...stems].map((key) => key.split('.')[0] ?? ''))
const isKey = (text: string): boolean => /^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9_-]+)+$/.test(text) && areas.has(text.split('.')[0] ?? '')
const files = ['shared', 'src-main', 'src-renderer'].flatMap((folder) => filesUnder(folder, (path) => isTypeScript(path) && !path.startsWith('shared/i18n/'))).map(parse)

it('every key that the source names is in the catalogue', () => {
  const missing = files.flatMap((file) => namedKeys(file).filter(({ key }) => !stems.has(key)).map(({ key, node }) => `${placeOf(file, node)} ${key}`))
  expect(missing).toEqual([])
})

it('every key of the catalogue is named in the source', () => {
  const literals = new Set<string>()
  const prefixes = new Set<string>()
  const suffixes = new Set<string>()
  for (const file of files) collect(file, literals, prefixes, suffixes)
  const isBuilt = (key: string): boolean => [...suffixes].some((suffix) => key.endsWith(suffix) && literals.has(key.slice(0, -suffix.length)))
  const unused = [...stems].filter((key) => !literals.has(key) && ![...prefixes].some((prefix) => key.startsWith(prefix)) && !isBuilt(key))
  expect(unused).toEqual([])
})

/** Literals where a key stands for sure: the third argument of `fail`, the first of `usage`, and `key: '…'` of a text. */
function namedKeys(file: ts.SourceFile): readonly { readonly key: string; readonly node: ts.Node }[] {
  const found: { key: string; node: ts.Node }[] = []
  const take = (node: ts.Node | undefined, sure: boolean): void => {
    if (node !== undefined && ts.isStringLiteralLike(node) && (sure || isKey(node.text))) found.push({ key: node.text, node })
    if (node !== undefined && ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach((arm) => { take(arm, sure) })
  }
  visit(file, (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      if (node.expression.text === 'fail') take(node.arguments[2], true)
      if (node.expression.text === 'usage') take(node.arguments[0], true)
    }
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'key') take(node.initializer, false)
  })
  return found
}

/** Whole keys; `area.${name}` by its beginning; `${key}Hint` by its end. */
function collect(file: ts.SourceFile, literals: Set<string>, prefixes: Set<string>, suffixes: Set<string>): void {
  visit(file, (node) => {
    if (ts.isStringLiteralLike(node)) literals.add(node.text)
    if (ts.isTemplateExpression(node) && /^[a-z][A-Za-z0-9]*\./.test(node.head.text)) prefixes.add(node.head.text)
    const [span, ...more] = ts.isTemplateExpression(node) && node.head.text === '' ? node.templateSpans : []
    if (span !== undefined && more.length === 0 && /^[A-Z][a-zA-Z]+$/.test(span.literal.text)) suffixes.add(span.literal.text)
  })
}
