// The right panel for a span: facts, attributes as they came (trees, bytes and big numbers included), events, resource.

import { useState, type ReactElement, type ReactNode } from 'react'
import { formatDuration, formatTimeWithOffset, formatUtcNanos, nanosToMs } from '../../../shared/logic/format.ts'
import type { Attributes, AttributeValue, Span } from '../../../shared/model/trace.ts'
import { Badge } from '../../ui/badge.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { TabBar, TabPanel } from '../../ui/tab-bar.tsx'
import { useT } from '../../ui/translation.tsx'

type SpanTab = 'attributes' | 'events' | 'resource'

export interface SpanDetailProps {
  readonly span: Span
  /** Start of what it is shown in. */
  readonly originNs: bigint
  readonly selfNs: number
  readonly children?: ReactNode
}

export function SpanDetail({ span, originNs, selfNs, children }: SpanDetailProps): ReactElement {
  const { t } = useT()
  const [tab, setTab] = useState<SpanTab>('attributes')
  const tabs = [
    { key: 'attributes' as const, label: t('trace.tab.attributes') },
    { key: 'events' as const, label: t('trace.tab.events'), count: span.events.length },
    { key: 'resource' as const, label: t('trace.tab.resource') },
  ]
  return (
    <div className="inspector-detail">
      <div className="inspector-body inspector-span-head text">
        <h2 className="inspector-heading">
          {span.name} {span.status === 'error' && <Badge tone="fail">{t('inspector.status.error')}</Badge>}
        </h2>
        <p className="caption dim">{span.service} · {span.kind}</p>
        {span.statusMessage !== undefined && span.status === 'error' && <p className="fail">{span.statusMessage}</p>}
        <FactList
          rows={[
            { name: t('inspector.fact.duration'), value: formatDuration(span.endNs - span.startNs) },
            { name: t('trace.fact.self'), value: formatDuration(selfNs) },
            { name: t('trace.fact.offset'), value: `+${formatDuration(span.startNs - originNs)}` },
            { name: t('trace.fact.start'), value: <span title={formatUtcNanos(span.startNs)}>{formatTimeWithOffset(nanosToMs(span.startNs))}</span> },
            { name: t('inspector.fact.spanId'), value: <code>{span.spanId}</code> },
            ...(span.parentSpanId === undefined ? [] : [{ name: t('trace.fact.parent'), value: <code>{span.parentSpanId}</code> }]),
            { name: t('trace.fact.scope'), value: [span.scope.name, span.scope.version].filter((part) => part !== undefined && part !== '').join(' ') },
          ]}
        />
        {children}
      </div>
      <TabBar id="span-detail" label={t('inspector.tabs')} tabs={tabs} active={tab} onSelect={setTab} />
      <TabPanel id="span-detail" active={tab}>
        <div className="inspector-body text">
          {tab === 'attributes' && <AttributeList attributes={span.attributes} />}
          {tab === 'resource' && <AttributeList attributes={span.resource} />}
          {tab === 'events' && <EventList span={span} />}
        </div>
      </TabPanel>
    </div>
  )
}

function AttributeList({ attributes }: { readonly attributes: Attributes }): ReactElement {
  const { t } = useT()
  const entries = Object.entries(attributes)
  if (entries.length === 0) return <p className="inspector-empty dim">{t('trace.noAttributes')}</p>
  return <FactList rows={entries.map(([name, value]) => ({ name, value: <code>{attributeText(value)}</code> }))} />
}

function EventList({ span }: { readonly span: Span }): ReactElement {
  const { t } = useT()
  if (span.events.length === 0) return <p className="inspector-empty dim">{t('trace.noEvents')}</p>
  return (
    <ol>
      {span.events.map((event, index) => (
        <li key={index} className="inspector-event">
          <div>
            <span className="faint number">+{formatDuration(event.atNs - span.startNs)}</span> {event.name}
          </div>
          {Object.keys(event.attributes).length > 0 && <AttributeList attributes={event.attributes} />}
        </li>
      ))}
    </ol>
  )
}

/** Values as they are: strings bare, big integers with every digit, bytes as hex, the rest as JSON. */
export function attributeText(value: AttributeValue): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  if (Array.isArray(value)) return `[${value.map((item: AttributeValue) => quoted(item)).join(', ')}]`
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${quoted(item)}`).join(', ')}}`
}

const quoted = (value: AttributeValue): string => (typeof value === 'string' ? JSON.stringify(value) : attributeText(value))
