// Every word that a user reads comes from the catalogue, in both languages. A heuristic over the syntax tree: text in JSX, text
// properties of elements, literals handed to what writes to a person. What is the same in every language is listed below.

import ts from 'typescript'
import { expect, it } from 'vitest'
import { filesUnder, parse, placeOf, visit } from '../support/source-files.ts'

/** Same in every language: names, protocol words, key names, language names in their own language. */
const universal = new Set([
  'Kite Console', 'Kite', 'EN', 'English', '中文', '中', 'EN / 中', 'oneway', 'throws (…)', 'enum', 'struct', 'union', 'exception', 'Thrift Binary',
  'rpc', 'stream', ') returns (', 'message', 'oneof', 'deprecated',
  'TTHeader', 'metainfo', 'JSON', 'Esc', 'Ctrl', 'Cmd', 'Enter', 'Shift', 'Alt', 'traceId', 'spanId', 'i64', 'IDL', 'OTLP',
])
const textProps = new Set(['aria-label', 'aria-description', 'aria-placeholder', 'aria-valuetext', 'title', 'placeholder', 'alt', 'label', 'content', 'helperText', 'description'])
/** Methods that show their first argument to a person. */
const writers = new Set(['write', 'line', 'note', 'showMessageBox', 'showErrorBox', 'setTitle', 'alert', 'confirm'])

const hasWords = (text: string): boolean => {
  const trimmed = text.trim().replace(/^[·:,•|-]\s*/, '')
  return !universal.has(trimmed) && /[A-Za-z]{2,}|\p{Script=Han}/u.test(trimmed)
}
/** A literal handed to a writer is prose only if it reads as some: two words, or Chinese. */
const isProse = (text: string): boolean => /[A-Za-z]{2,} [A-Za-z]{2,}|\p{Script=Han}/u.test(text)

it('no bare word stands in the window', () => {
  const findings = filesUnder('src-renderer', (path) => path.endsWith('.tsx')).flatMap((path) => inJsx(parse(path)))
  expect(findings).toEqual([])
})

it('no bare sentence is written by the command line, the page server or the desktop host', () => {
  const files = ['src-main/cli', 'src-main/app', 'src-main/preload'].flatMap((folder) => filesUnder(folder, (path) => path.endsWith('.ts')))
  expect(files.flatMap((path) => inWriters(parse(path)))).toEqual([])
})

it('finds what it should', () => {
  const source = (text: string): ts.SourceFile => ts.createSourceFile('x.tsx', text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TSX)
  const view = 'const a = <p title="Send it" aria-label={`Close`} id="not-text">Hello {name} <b>中断</b>{" "}{t("x.y")}{kind !== "live" && "is late"}</p>'
  expect(inJsx(source(view))).toHaveLength(5)
  expect(inWriters(source('host.line("Nothing here yet"); host.line(`${n} found in it`); hash.write("kite"); stream.write(text)'))).toHaveLength(2)
})

function inJsx(file: ts.SourceFile): readonly string[] {
  const findings: string[] = []
  const found = (node: ts.Node, text: string): void => void findings.push(`${placeOf(file, node)} ${JSON.stringify(text.trim())}`)
  visit(file, (node) => {
    if (ts.isJsxText(node) && hasWords(node.text)) found(node, node.text)
    if (ts.isJsxAttribute(node) && textProps.has(node.name.getText(file))) {
      for (const text of literals(node.initializer)) if (hasWords(text)) found(node, text)
    }
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) for (const text of literals(node)) if (hasWords(text)) found(node, text)
  })
  return findings
}

function inWriters(file: ts.SourceFile): readonly string[] {
  const findings: string[] = []
  visit(file, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || !writers.has(node.expression.name.text)) return
    for (const text of literals(node.arguments[0])) if (isProse(text)) findings.push(`${placeOf(file, node)} ${JSON.stringify(text)}`)
  })
  return findings
}

/** The literal text that an expression may come to: strings, templates and both arms of a choice; not what is passed to a call. */
function literals(node: ts.Node | undefined): readonly string[] {
  if (node === undefined) return []
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node)) return [[node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('…')]
  if (ts.isJsxExpression(node)) return literals(node.expression)
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)]
  if (ts.isBinaryExpression(node)) return literalsOfOperator(node)
  if (ts.isParenthesizedExpression(node)) return literals(node.expression)
  return []
}

/** `a && 'text'` shows its right side, `a ?? 'text'` and `a + 'text'` either; a comparison shows neither. */
function literalsOfOperator({ left, operatorToken, right }: ts.BinaryExpression): readonly string[] {
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return literals(right)
  const shown = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.PlusToken]
  return shown.includes(operatorToken.kind) ? [...literals(left), ...literals(right)] : []
}
