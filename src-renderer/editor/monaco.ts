// The only place that imports Monaco, loaded when the first editor is shown. One language of our own (JSON with exact numbers) rather than
// Monaco's JSON service: that one parses numbers as doubles, and would cost a second worker.

import 'monaco-editor/features/bracketMatching/register.js'
import 'monaco-editor/features/caretOperations/register.js'
import 'monaco-editor/features/clipboard/register.js'
import 'monaco-editor/features/comment/register.js'
import 'monaco-editor/features/contextmenu/register.js'
import 'monaco-editor/features/cursorUndo/register.js'
import 'monaco-editor/features/find/register.js'
import 'monaco-editor/features/folding/register.js'
import 'monaco-editor/features/format/register.js'
import 'monaco-editor/features/gotoError/register.js'
import 'monaco-editor/features/hover/register.js'
import 'monaco-editor/features/indentation/register.js'
import 'monaco-editor/features/inlayHints/register.js'
import 'monaco-editor/features/linesOperations/register.js'
import 'monaco-editor/features/multicursor/register.js'
import 'monaco-editor/features/smartSelect/register.js'
import 'monaco-editor/features/snippet/register.js'
// The feature `suggest` registers inline suggestions only; the list itself is this.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js'
import 'monaco-editor/features/wordHighlighter/register.js'
import 'monaco-editor/features/wordOperations/register.js'
import 'monaco-editor/features/toggleTabFocusMode/register.js'
import 'monaco-editor/features/codicon/register.js'
import * as monaco from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'
import { tokenColour, type ColourToken } from '../theme/colours.ts'
import { registerBodyLanguage } from './body-language.ts'

export { monaco }

/** Id of our language, and of the theme made from the tokens. */
export const languageId = 'kite-json'
const themeId = 'kite'

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }

monaco.languages.register({ id: languageId })
monaco.languages.setLanguageConfiguration(languageId, {
  brackets: [['{', '}'], ['[', ']']],
  autoClosingPairs: [{ open: '{', close: '}' }, { open: '[', close: ']' }, { open: '"', close: '"', notIn: ['string'] }],
  surroundingPairs: [{ open: '{', close: '}' }, { open: '[', close: ']' }, { open: '"', close: '"' }],
  comments: { lineComment: '//', blockComment: ['/*', '*/'] },
  indentationRules: { increaseIndentPattern: /[{[]\s*$/, decreaseIndentPattern: /^\s*[}\]]/ },
  wordPattern: /"(?:[^"\\]|\\.)*"?|[^\s{}[\]:,"]+/,
})
monaco.languages.setMonarchTokensProvider(languageId, {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'key'],
      [/"(?:[^"\\]|\\.)*"?/, 'string'],
      [/-?\d+(\.\d+)?([eE][+-]?\d+)?/, 'number'],
      [/\b(true|false|null)\b/, 'number'],
      [/\/\/.*$/, 'comment'],
      [/\/\*/, 'comment', '@comment'],
      [/[{}[\],:]/, 'delimiter'],
    ],
    comment: [[/\*\//, 'comment', '@pop'], [/[^*]+/, 'comment'], [/./, 'comment']],
  },
})
registerBodyLanguage(monaco, languageId)

const rules: readonly (readonly [string, ColourToken])[] = [['key', 'code-key'], ['string', 'code-string'], ['number', 'code-number'], ['comment', 'code-quiet'], ['delimiter', 'text'], ['', 'text']]
const colours: Readonly<Record<string, ColourToken>> = {
  'editor.background': 'bg1', 'editor.foreground': 'text', 'editorLineNumber.foreground': 'faint', 'editorLineNumber.activeForeground': 'dim', 'editorCursor.foreground': 'accent',
  'editor.lineHighlightBackground': 'bg2', 'editor.lineHighlightBorder': 'bg2', 'editor.selectionBackground': 'bg3', 'editorWidget.background': 'bg2', 'editorWidget.border': 'line-strong',
  'editorSuggestWidget.background': 'bg2', 'editorSuggestWidget.border': 'line-strong', 'editorSuggestWidget.selectedBackground': 'bg3', 'editorSuggestWidget.selectedForeground': 'text',
  'editorSuggestWidget.highlightForeground': 'accent', 'editorSuggestWidget.focusHighlightForeground': 'accent', 'editorHoverWidget.background': 'bg2', 'editorHoverWidget.border': 'line-strong',
  'editorError.foreground': 'fail', 'editorWarning.foreground': 'warn', 'editorInfo.foreground': 'info', 'editorBracketMatch.background': 'bg3', 'editorBracketMatch.border': 'line-strong',
  'editorInlayHint.foreground': 'code-quiet', 'editorInlayHint.background': 'bg1', 'editorIndentGuide.background1': 'line', 'editorIndentGuide.activeBackground1': 'line-strong',
  'editorBracketHighlight.foreground1': 'text', 'editorBracketHighlight.foreground2': 'text', 'editorBracketHighlight.foreground3': 'text', 'editorBracketHighlight.unexpectedBracket.foreground': 'fail',
  'input.background': 'bg0', 'input.foreground': 'text', 'input.border': 'line-strong', 'focusBorder': 'accent', 'editor.findMatchBackground': 'bg3', 'scrollbarSlider.background': 'line',
  'scrollbarSlider.hoverBackground': 'line-strong', 'editorGutter.foldingControlForeground': 'faint', 'menu.background': 'bg2', 'menu.foreground': 'text', 'menu.selectionBackground': 'bg3', 'menu.selectionForeground': 'text',
}

/** Paints all editors with the tokens of the theme that is on. */
export function paintEditors(): void {
  const dark = document.documentElement.dataset['theme'] === 'dark'
  monaco.editor.defineTheme(themeId, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: rules.map(([token, colour]) => ({ token, foreground: tokenColour(colour).slice(1) })),
    colors: Object.fromEntries(Object.entries(colours).map(([id, token]) => [id, tokenColour(token)])),
  })
  monaco.editor.setTheme(themeId)
}

paintEditors()
new MutationObserver(paintEditors).observe(document.documentElement, { attributeFilter: ['data-theme'] })
