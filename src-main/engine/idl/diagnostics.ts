// Collects what is wrong with IDL files. A code is stable and greppable; its wording is the catalogue key `idl.<camelCase code>`.

import type { Text, TextParams } from '../../../shared/base/error.ts'
import type { Diagnostic, Severity } from '../../../shared/model/idl.ts'
import type { SourceFile } from './source-file.ts'

/** Every code that an IDL diagnostic can have. */
export const errorDiagnostics = [
  'bad-character', 'unterminated-literal', 'unterminated-comment', 'bad-number', 'unexpected-token', 'unexpected-end', 'unclosed-body', 'too-deep', 'too-many-errors',
  'file-not-found', 'include-not-found', 'file-unreadable', 'file-binary', 'file-too-large', 'unsupported-language', 'too-many-files', 'include-cycle',
  'unknown-type', 'unknown-include', 'not-a-type', 'type-too-large', 'typedef-cycle', 'void-type', 'duplicate-name',
  'duplicate-field-id', 'duplicate-field-name', 'field-id-range', 'union-defaults',
  'duplicate-enum-name', 'duplicate-enum-value', 'enum-range', 'unknown-const', 'ambiguous-const', 'const-type', 'const-range', 'const-cycle', 'const-too-large',
  'const-unknown-field', 'const-key', 'union-const', 'duplicate-method', 'oneway-returns', 'oneway-throws', 'extends-unknown', 'extends-not-service', 'extends-cycle',
  'streaming-mode', 'streaming-arguments',
  // Protobuf's.
  'missing-field-number', 'syntax-not-first', 'unknown-syntax', 'unknown-edition', 'second-package', 'duplicate-import', 'import-not-found', 'import-cycle',
  'not-imported', 'name-shadowed', 'not-a-message', 'unknown-option', 'option-type', 'option-repeated', 'option-not-message', 'option-other-extendee',
  'duplicate-option', 'unknown-enum-value', 'duplicate-symbol', 'symbol-elsewhere', 'name-is-package', 'empty-enum', 'enum-first-zero', 'needless-alias',
  'reserved-name', 'reserved-number', 'number-for-extensions', 'duplicate-field-number', 'field-number-range', 'number-for-protobuf', 'range-order',
  'range-overlap', 'empty-oneof', 'json-name-conflict', 'json-name-extension', 'json-name-form', 'default-not-allowed', 'label-not-allowed', 'missing-label',
  'map-not-allowed', 'map-key-type', 'group-not-allowed', 'group-name', 'closed-enum', 'packed-not-allowed', 'jstype-not-allowed', 'option-not-in-edition',
  'required-extension', 'extend-in-proto3', 'not-for-extensions',
  'bad-escape', 'needs-edition', 'not-in-edition', 'reserved-form', 'reserved-twice', 'extensions-in-proto3', 'features-without-edition', 'feature-misused',
  'feature-target', 'naming-style', 'not-exported', 'enum-name-conflict', 'message-set-extension', 'undeclared-extension', 'declared-otherwise', 'duplicate-extension', 'lazy-not-allowed',
  'file-outside', 'no-idl-files', 'archive-unreadable', 'not-a-descriptor-set', 'set-incomplete',
] as const
export const warningDiagnostics = [
  'literal-escape', 'header-after-definition', 'separator-after-definition', 'annotation-without-value', 'legacy-namespace', 'legacy-keyword', 'cpp-type-position',
  'glued-requiredness', 'implicit-id', 'field-id-form', 'non-positive-id', 'octal', 'signed-hex', 'dotted-name', 'not-utf8', 'duplicate-include', 'union-required', 'argument-optional',
  'throws-required', 'throws-not-exception', 'endless-struct',
  // Protobuf's.
  'no-syntax', 'unused-import', 'json-name-clash',
] as const
export type ErrorDiagnostic = (typeof errorDiagnostics)[number]
export type WarningDiagnostic = (typeof warningDiagnostics)[number]
export type DiagnosticCode = ErrorDiagnostic | WarningDiagnostic

const warnings: ReadonlySet<string> = new Set(warningDiagnostics)
/** More than this from one file help nobody and cost time on hostile input. */
const limitPerFile = 200

/** Catalogue key of a code. */
export const keyOf = (code: string): string => `idl.${code.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}`

/** Where to and what: offsets are into the file's text. */
export interface Finding {
  readonly code: DiagnosticCode
  readonly start: number
  readonly end?: number
  readonly params?: TextParams
  readonly suggestion?: Text
  /** Catalogue key where one code has several wordings. */
  readonly key?: string
}

/** The list that all stages of one load add to. */
export class Findings {
  readonly #list: Diagnostic[] = []
  readonly #counts = new Map<SourceFile, { errors: number; warnings: number }>()

  add(source: SourceFile, finding: Finding): void {
    const severity: Severity = warnings.has(finding.code) ? 'warning' : 'error'
    const counts = this.#countsOf(source)
    const seen = severity === 'error' ? ++counts.errors : ++counts.warnings
    if (seen > limitPerFile) {
      if (seen === limitPerFile + 1 && severity === 'error') this.#push(source, severity, { code: 'too-many-errors', start: finding.start, params: { limit: limitPerFile } })
      return
    }
    this.#push(source, severity, finding)
  }

  /** True when more errors in this file would not be shown: a parser may stop. */
  isFull(source: SourceFile): boolean {
    return this.#countsOf(source).errors > limitPerFile
  }

  /** Sorted by file in the order given, then place. */
  sorted(order: ReadonlyMap<string, number>): readonly Diagnostic[] {
    const rank = (one: Diagnostic): number => order.get(one.at.file) ?? order.size
    return [...this.#list].sort((a, b) => rank(a) - rank(b) || a.at.line - b.at.line || a.at.column - b.at.column)
  }

  #countsOf(source: SourceFile): { errors: number; warnings: number } {
    let counts = this.#counts.get(source)
    if (counts === undefined) this.#counts.set(source, (counts = { errors: 0, warnings: 0 }))
    return counts
  }

  #push(source: SourceFile, severity: Severity, { code, start, end, params, suggestion, key = keyOf(code) }: Finding): void {
    const stop = end === undefined || end <= start ? undefined : source.place(end)
    this.#list.push({
      severity,
      code,
      text: params === undefined ? { key } : { key, params },
      ...(suggestion === undefined ? {} : { suggestion }),
      at: source.place(start),
      ...(stop === undefined ? {} : { end: { line: stop.line, column: stop.column } }),
    })
  }
}
