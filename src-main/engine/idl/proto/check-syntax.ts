// What only some syntaxes or editions have: the statement that says which, kinds of imports, visibility, forms of reserved names.

import { nearest } from '../../../../shared/logic/nearest.ts'
import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import type { EnumNode, MessageNode, ProtoDocument } from './ast.ts'
import { didYouMean, reporterOf, type Report } from './report.ts'

const editions: readonly string[] = ['2023', '2024']
const syntaxes: readonly string[] = ['proto2', 'proto3']

/** Rules that the syntax tree alone tells. */
export function checkSyntax(document: ProtoDocument, source: SourceFile, findings: Findings): void {
  const report = reporterOf(source, findings)
  checkStatement(document, report)
  const edition = document.syntax?.edition === true ? document.syntax.text : undefined
  checkImports(document, edition, report)
  for (const message of document.messages) checkMessage(message, document, edition, report)
  for (const one of document.enums) checkEnum(one, edition, report)
}

function checkStatement({ syntax, package: name, messages, enums, services, extends: extend }: ProtoDocument, report: Report): void {
  if (syntax === undefined) {
    const first = name ?? messages[0] ?? services[0] ?? enums[0] ?? extend[0]
    return first === undefined ? undefined : report({ start: 0, end: 0 }, 'no-syntax', {})
  }
  const known = syntax.edition ? editions : syntaxes
  if (known.includes(syntax.text)) return
  report(syntax, syntax.edition ? 'unknown-edition' : 'unknown-syntax', { name: syntax.text, known: known.join(', ') }, didYouMean(nearest(syntax.text, known)))
}

function checkImports({ imports }: ProtoDocument, edition: string | undefined, report: Report): void {
  for (const one of imports) {
    if (one.kind === 'option' && edition !== '2024') report(one, 'needs-edition', { word: 'import option', edition: '2024' })
    else if (one.kind === 'weak' && edition === '2024') report(one, 'not-in-edition', { word: 'import weak', edition: '2024' }, { key: 'idl.hint.useInstead', params: { right: 'import option' } })
  }
}

// Nesting is bounded by the parser.
function checkMessage(node: MessageNode, document: ProtoDocument, edition: string | undefined, report: Report): void {
  checkVisibility(node, edition, report)
  checkReserved(node, edition, report)
  if (document.syntax?.text === 'proto3') {
    for (const range of node.extensions) report(range, 'extensions-in-proto3', { name: node.name.text })
  }
  for (const one of node.messages) checkMessage(one, document, edition, report)
  for (const one of node.enums) checkEnum(one, edition, report)
}

function checkEnum(node: EnumNode, edition: string | undefined, report: Report): void {
  checkVisibility(node, edition, report)
  checkReserved(node, edition, report)
}

function checkVisibility({ visibility, name, start }: MessageNode | EnumNode, edition: string | undefined, report: Report): void {
  if (visibility !== undefined && edition !== '2024') report({ start, end: name.start }, 'needs-edition', { word: visibility, edition: '2024' })
}

function checkReserved({ reserved }: MessageNode | EnumNode, edition: string | undefined, report: Report): void {
  const known = new Set<string>()
  for (const name of reserved.flatMap(({ names }) => names)) {
    if (name.quoted && edition !== undefined) report(name, 'reserved-form', { name: name.text, where: `edition ${edition}` }, { key: 'idl.hint.withoutQuotes' })
    else if (!name.quoted && edition === undefined) report(name, 'reserved-form', { name: name.text, where: 'proto2, proto3' }, { key: 'idl.hint.withQuotes' })
    if (known.has(name.text)) report(name, 'reserved-twice', { name: name.text })
    known.add(name.text)
  }
}
