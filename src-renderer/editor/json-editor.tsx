// A JSON editor that knows the IDL. Until Monaco has come the same text stands in a plain field with the same metrics, so that nothing
// jumps and typing can begin at once.

import { useEffect, useRef, useState, type ReactElement } from 'react'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { useT } from '../ui/translation.tsx'
import type { BodyShape, Spot } from '../../shared/logic/body/shape.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import { setCursor } from './cursor.ts'
import type * as MonacoModule from './monaco.ts'

type Loaded = typeof MonacoModule & typeof import('./body-language.ts')
type Editor = ReturnType<Loaded['monaco']['editor']['create']>

let loading: Promise<Loaded> | undefined
let loaded: Loaded | undefined

/** Loads Monaco once; later editors are there at once. */
export function loadMonaco(): Promise<Loaded> {
  loading ??= Promise.all([import('./monaco.ts'), import('./body-language.ts')]).then(([monaco, language]) => (loaded = { ...monaco, ...language }))
  return loading
}

export interface JsonEditorProps {
  readonly id: string
  readonly label: string
  readonly value: string
  /** Absent: read only. */
  readonly onChange?: (value: string) => void
  readonly shape?: BodyShape | undefined
  readonly reply?: { readonly spot: Spot | undefined; readonly set: IdlSet } | undefined
  /** Text that is no JSON; stays so for the life of the editor. */
  readonly isPlain?: boolean
}

export function JsonEditor(props: JsonEditorProps): ReactElement {
  const [monaco, setMonaco] = useState(loaded)
  useEffect(() => {
    if (monaco !== undefined) return undefined
    let gone = false
    // After the paint: the frame is seen first.
    const frame = requestAnimationFrame(() => void loadMonaco().then((module) => {
      if (!gone) setMonaco(() => module)
    }))
    return () => {
      gone = true
      cancelAnimationFrame(frame)
    }
  }, [monaco])
  return monaco === undefined ? <PlainField {...props} /> : <MonacoField {...props} module={monaco} />
}

function PlainField({ label, value, onChange }: JsonEditorProps): ReactElement {
  return <textarea className="plain-editor" aria-label={label} value={value} readOnly={onChange === undefined} spellCheck={false} onChange={(event) => onChange?.(event.target.value)} />
}

function MonacoField({ id, label, value, onChange, shape, reply, isPlain = false, module }: JsonEditorProps & { readonly module: Loaded }): ReactElement {
  const { preferences } = useStores()
  const translator = useT()
  const fontSize = useSlice(preferences, (state) => state.settings.editorFontSize)
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(undefined)
  const readOnly = onChange === undefined
  const handlers = useRef({ onChange, translator })
  useEffect(() => {
    handlers.current = { onChange, translator }
  })

  useEffect(() => {
    const element = host.current
    if (element === null) return undefined
    const model = module.monaco.editor.createModel(initialValue.current, isPlain ? 'plaintext' : module.languageId)
    model.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } })
    const created = module.monaco.editor.create(element, { ...editorOptions, model, readOnly, ariaLabel: initialLabel.current, automaticLayout: true })
    editor.current = created
    // Read by test/perf: with the next frame the body can be seen and typed into.
    if (!readOnly) requestAnimationFrame(() => performance.mark('editor usable'))
    const subscriptions = [
      model.onDidChangeContent(() => {
        if (!fromOutside.current) handlers.current.onChange?.(model.getValue())
        if (!readOnly) module.markBody(module.monaco, model, handlers.current.translator)
      }),
      created.onDidChangeCursorPosition(({ position }) => {
        if (created.hasTextFocus()) setCursor({ line: position.lineNumber, column: position.column })
      }),
      created.onDidFocusEditorText(() => {
        const position = created.getPosition()
        if (position !== null) setCursor({ line: position.lineNumber, column: position.column })
      }),
    ]
    return () => {
      for (const subscription of subscriptions) subscription.dispose()
      created.dispose()
      model.dispose()
      setCursor(undefined)
    }
  }, [module, readOnly, isPlain])

  // Read once when the editor is made; later changes come by the effects below.
  const initialValue = useRef(value)
  const initialLabel = useRef(label)
  const fromOutside = useRef(false)
  useEffect(() => {
    const model = editor.current?.getModel()
    if (model === undefined || model === null) return
    if (model.getValue() !== value) {
      fromOutside.current = true
      // As an edit rather than a new value, so that undo crosses it.
      if (readOnly) model.setValue(value)
      else model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null)
      fromOutside.current = false
    }
  }, [value, readOnly])
  useEffect(() => {
    const model = editor.current?.getModel()
    if (model === undefined || model === null) return
    module.tellFacts(model, { shape, reply })
    if (!readOnly) module.markBody(module.monaco, model, translator)
  }, [module, shape, reply, translator, readOnly])
  useEffect(() => editor.current?.updateOptions({ fontSize, lineHeight: Math.round(fontSize * 1.52), ariaLabel: label }), [fontSize, label])

  return <div ref={host} id={id} className="monaco-host" data-editor={readOnly ? 'reply' : 'body'} />
}

const editorOptions = {
  minimap: { enabled: false },
  fontFamily: "'JetBrains Mono Variable', 'Noto Sans CJK SC', monospace",
  fontLigatures: false,
  fontSize: 12.5,
  lineHeight: 19,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 0,
  matchBrackets: 'near',
  glyphMargin: false,
  folding: true,
  foldingHighlight: false,
  showFoldingControls: 'mouseover',
  scrollBeyondLastLine: false,
  renderLineHighlight: 'line',
  renderLineHighlightOnlyWhenFocus: true,
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  guides: { indentation: true },
  padding: { top: 6, bottom: 6 },
  tabSize: 2,
  insertSpaces: true,
  wordWrap: 'on',
  wrappingIndent: 'same',
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  quickSuggestions: { strings: true, other: true, comments: false },
  suggest: { showWords: false, showStatusBar: false, preview: false },
  wordBasedSuggestions: 'off',
  fixedOverflowWidgets: true,
  stickyScroll: { enabled: false },
  inlayHints: { enabled: 'on', fontFamily: "'JetBrains Mono Variable', monospace", padding: false, maximumLength: 60 },
  unicodeHighlight: { ambiguousCharacters: false },
  contextmenu: true,
  links: false,
  occurrencesHighlight: 'off',
  accessibilitySupport: 'auto',
} as const
