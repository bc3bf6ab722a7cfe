// Joins Monaco's questions (complete, hover, inlay, format) to the pure answers of shared/logic/body. Shapes and words are kept by model,
// since Monaco asks by model and never knows of tabs.

import type * as MonacoModule from 'monaco-editor/editor'
import type { Translator } from '../../shared/i18n/translate.ts'
import { checkBody } from '../../shared/logic/body/check.ts'
import { inlaysOf } from '../../shared/logic/body/inlays.ts'
import type { BodyShape, Spot } from '../../shared/logic/body/shape.ts'
import { hoverAt, suggestAt } from '../../shared/logic/body/suggest.ts'
import { prettyMessages } from '../../shared/logic/json/pretty-messages.ts'
import type { IdlSet } from '../../shared/model/idl.ts'

type Monaco = typeof MonacoModule
type Model = ReturnType<Monaco['editor']['createModel']>

interface ModelFacts {
  readonly shape: BodyShape | undefined
  readonly reply: { readonly spot: Spot | undefined; readonly set: IdlSet } | undefined
}

const facts = new WeakMap<Model, ModelFacts>()

/** Says what a model's text is: a body of a shape, or a reply of a type. */
export const tellFacts = (model: Model, told: ModelFacts): void => void facts.set(model, told)

const markerOwner = 'kite'

/** Marks what is wrong with a body, in the language of the window. */
export function markBody(monaco: Monaco, model: Model, translator: Translator): number {
  const severity = { error: monaco.MarkerSeverity.Error, warning: monaco.MarkerSeverity.Warning, note: monaco.MarkerSeverity.Info }
  const issues = model.getValueLength() === 0 ? [] : checkBody(model.getValue(), facts.get(model)?.shape)
  monaco.editor.setModelMarkers(model, markerOwner, issues.map((issue) => ({ ...rangeOf(model, issue.start, issue.end), severity: severity[issue.severity], message: translator.text(issue.text) })))
  return issues.length
}

function rangeOf(model: Model, start: number, end: number): { startLineNumber: number; startColumn: number; endLineNumber: number; endColumn: number } {
  const from = model.getPositionAt(start)
  const to = model.getPositionAt(end)
  return { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column }
}

export function registerBodyLanguage(monaco: Monaco, language: string): void {
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages
  const kinds = { field: CompletionItemKind.Field, enum: CompletionItemKind.EnumMember, value: CompletionItemKind.Value }
  monaco.languages.registerCompletionItemProvider(language, {
    triggerCharacters: ['"', ':', '{', '[', ','],
    provideCompletionItems: (model, position) => {
      const shape = facts.get(model)?.shape
      if (shape === undefined) return { suggestions: [] }
      const { start, end, items } = suggestAt(model.getValue(), model.getOffsetAt(position), shape)
      const range = rangeOf(model, start, end)
      return {
        suggestions: items.map((item, index) => ({
          label: { label: item.label, description: item.detail }, kind: kinds[item.kind], insertText: item.snippet, insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet, range,
          sortText: `${item.required ? 0 : 1}${String(index).padStart(5, '0')}`, filterText: item.snippet.startsWith('"') ? `"${item.label}"` : item.label, ...(item.doc === undefined ? {} : { documentation: item.doc }),
        })),
      }
    },
  })
  monaco.languages.registerHoverProvider(language, {
    provideHover: (model, position) => {
      const told = facts.get(model)
      const shape = told?.shape ?? (told?.reply?.spot === undefined ? undefined : { root: told.reply.spot, wrapped: undefined, set: told.reply.set })
      const hover = shape === undefined ? undefined : hoverAt(model.getValue(), model.getOffsetAt(position), shape)
      if (hover === undefined) return undefined
      return { range: rangeOf(model, hover.start, hover.end), contents: [{ value: `\`${hover.signature}\`` }, ...(hover.doc === undefined ? [] : [{ value: hover.doc }])] }
    },
  })
  monaco.languages.registerInlayHintsProvider(language, {
    provideInlayHints: (model, range) => {
      const reply = facts.get(model)?.reply
      if (reply === undefined || model.getValueLength() > largeReply) return { hints: [], dispose: () => undefined }
      const hints = inlaysOf(model.getValue(), reply.spot, reply.set)
        .map(({ end, text }) => ({ position: model.getPositionAt(end), label: `\u00a0\u00a0// ${text}` }))
        .filter(({ position }) => range.containsPosition(position))
        .map((hint) => atLineEnd(model, hint))
      return { hints, dispose: () => undefined }
    },
  })
  monaco.languages.registerDocumentFormattingEditProvider(language, {
    provideDocumentFormattingEdits: (model) => {
      const pretty = prettyMessages(model.getValue())
      return pretty === undefined ? [] : [{ range: model.getFullModelRange(), text: pretty }]
    },
  })
}

/** Beyond this a reply is shown without notes, so that it shows at once. */
const largeReply = 512 * 1024

/** A note stands after the comma, as a comment would. */
function atLineEnd<T extends { position: { lineNumber: number; column: number } }>(model: Model, hint: T): T {
  const rest = model.getLineContent(hint.position.lineNumber).slice(hint.position.column - 1)
  return rest === ',' ? { ...hint, position: { lineNumber: hint.position.lineNumber, column: hint.position.column + 1 } } : hint
}
