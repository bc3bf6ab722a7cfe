// Small words with a meaning. Colour never stands alone: a badge has its word, a dot has its shape and a name.

import type { ReactElement, ReactNode } from 'react'

export type Tone = 'ok' | 'warn' | 'fail' | 'info' | 'changed' | 'quiet'

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactElement {
  return <span className={`badge tone-${tone}`}>{children}</span>
}

export function Chip({ tone, children }: { readonly tone?: Tone; readonly children: ReactNode }): ReactElement {
  return <span className={tone === undefined ? 'chip' : `chip tone-${tone}`}>{children}</span>
}

export type Health = 'ok' | 'warn' | 'fail' | 'off'

/** A disc, a ring, a diamond or a dash: shapes that differ without colour. `label` is read and shown on hover. */
export function StatusDot({ health, label }: { readonly health: Health; readonly label: string }): ReactElement {
  return <span className={`status-dot health-${health}`} role="img" aria-label={label} title={label} />
}

const outcomeShapes = { ok: '✓', retried: '↻', biz_error: '!', exception: '✕', failed: '✕', timeout: '◷', cancelled: '⊘' } as const
const outcomeTones = { ok: 'ok', retried: 'warn', biz_error: 'warn', exception: 'fail', failed: 'fail', timeout: 'fail', cancelled: 'quiet' } as const
export type OutcomeShape = keyof typeof outcomeShapes

export const outcomeTone = (outcome: OutcomeShape): Tone => outcomeTones[outcome]

export function OutcomeMark({ outcome, label }: { readonly outcome: OutcomeShape; readonly label: string }): ReactElement {
  return (
    <span className={`outcome-mark tone-${outcomeTones[outcome]}`} role="img" aria-label={label} title={label}>
      {outcomeShapes[outcome]}
    </span>
  )
}
