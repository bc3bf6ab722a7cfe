// The designed states of a view that has nothing to show: empty (one sentence, one action), waiting (after 200 ms only), failed
// (what, where, next step, copy).

import { useEffect, useState, type ReactElement, type ReactNode } from 'react'
import type { ErrorData } from '../../shared/base/error.ts'
import { Badge } from './badge.tsx'
import { Button } from './button.tsx'
import { useT } from './translation.tsx'
import { windowHint } from './window-hints.ts'

export function EmptyState({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }): ReactElement {
  return (
    <div className="empty-state">
      <p className="empty-title">{title}</p>
      {children !== undefined && <p className="dim">{children}</p>}
      {action}
    </div>
  )
}

/** Shows nothing for 200 ms, so that quick answers do not flicker. */
export function Pending({ label }: { readonly label: string }): ReactElement | null {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return shown ? (
    <div className="pending" role="status">
      <span className="spinner" aria-hidden="true" />
      {label}
    </div>
  ) : null
}

export function ErrorState({ error, onCopy, action }: { readonly error: ErrorData; readonly onCopy: () => void; readonly action?: ReactNode }): ReactElement {
  const { t, text } = useT()
  return (
    <div className="error-state text" role="alert">
      <div className="error-head">
        <Badge tone="fail">{error.code}</Badge>
        <span className="dim caption">{t('app.error.layer', { layer: error.layer })}</span>
      </div>
      <p className="error-what">{text(error.text)}</p>
      <ErrorFacts error={error} />
      <div className="error-actions">
        <Button onClick={onCopy}>{t('app.error.copy')}</Button>
        {action}
      </div>
    </div>
  )
}

function ErrorFacts({ error }: { readonly error: ErrorData }): ReactElement {
  const { t, text } = useT()
  const place = placeText(error)
  const causes = causesOf(error)
  return (
    <dl className="facts">
      {place !== '' && <Fact name={t('app.error.where')} value={<code>{place}</code>} />}
      {error.hint !== undefined && <Fact name={t('app.error.next')} value={text(windowHint(error.hint))} />}
      {error.biz !== undefined && <Fact name={t('app.error.bizStatus')} value={`${error.biz.status} ${error.biz.message}`} />}
      {Object.entries(error.biz?.extra ?? {}).map(([key, value]) => <Fact key={key} name={key} value={<code>{value}</code>} />)}
      {error.exception !== undefined && <Fact name={t('app.error.exceptionType')} value={<code>{exceptionWords(error.exception)}</code>} />}
      {causes.map((cause, index) => <Fact key={index} name={index === 0 ? t('app.error.cause') : ''} value={text(cause.text)} />)}
    </dl>
  )
}

/** Type and number; `HTTP 404` says its own. */
const exceptionWords = ({ type, typeId }: NonNullable<ErrorData['exception']>): string => (typeId === undefined || type.endsWith(` ${typeId}`) ? type : `${type} ${typeId}`)

const Fact = ({ name, value }: { readonly name: string; readonly value: ReactNode }): ReactElement => (
  <div className="fact">
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

export function placeText({ at }: ErrorData): string {
  if (at === undefined) return ''
  const position = [at.file, at.line, at.column].filter((part) => part !== undefined).join(':')
  return [position, at.path, at.offset === undefined ? undefined : `+${at.offset}`].filter((part) => part !== undefined && part !== '').join(' ')
}

function causesOf(error: ErrorData): readonly ErrorData[] {
  const found: ErrorData[] = []
  for (let cause = error.cause; cause !== undefined && found.length < 8; cause = cause.cause) found.push(cause)
  return found
}
