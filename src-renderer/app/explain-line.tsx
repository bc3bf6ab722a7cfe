// The one sentence on top of the inspector. Nouns that can be gone to are links: the sentence is worded with placeholders in their
// stead, then cut at them, so that each language may put them where it wants.

import type { ReactElement, ReactNode } from 'react'
import { explainCall, type ExplainLink, type Explanation } from '../../shared/logic/explain-call.ts'
import type { CallRecord } from '../../shared/model/call.ts'
import type { Translator } from '../../shared/i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { OutcomeMark } from '../ui/badge.tsx'
import { useT } from '../ui/translation.tsx'
import { windowHint } from '../ui/window-hints.ts'

export interface ExplainLineProps {
  readonly record: CallRecord
  readonly onLink: (link: ExplainLink) => void
}

export function ExplainLine({ record, onLink }: ExplainLineProps): ReactElement {
  const translator = useT()
  const explanation = explainCall(record)
  const retried = record.outcome === 'ok' && record.chain.nodes.filter(({ kind }) => kind === 'attempt').length > 1
  const because = explanation.because === undefined ? '' : translator.text(windowHint(explanation.because))
  return (
    <p className="explain-line text" title={`${translator.text(explanation.text)} ${because}`.trim()}>
      <OutcomeMark outcome={retried ? 'retried' : record.outcome} label={translator.t(`app.outcome.${retried ? 'retried' : record.outcome}`)} />
      <span className="truncate">{sentence(explanation, translator, onLink)} <span className="dim">{because}</span></span>
    </p>
  )
}

const open = '\uE000'
const close = '\uE001'

function sentence({ text, links }: Explanation, { text: word }: Translator, onLink: (link: ExplainLink) => void): readonly ReactNode[] {
  const placeholders = Object.fromEntries(Object.keys(links).map((name) => [name, `${open}${name}${close}`]))
  const parts = word({ ...text, params: { ...text.params, ...placeholders } }).split(new RegExp(`${open}(.*?)${close}`))
  return parts.map((part, index) => {
    const link = index % 2 === 1 ? links[part] : undefined
    return link === undefined ? part : <Button key={index} kind="link" onClick={() => onLink(link)}>{String(text.params?.[part] ?? '')}</Button>
  })
}
