// Names and values, aligned: the plainest form of detail.

import type { ReactElement, ReactNode } from 'react'

export interface FactRow {
  readonly name: string
  readonly value: ReactNode
}

export function FactList({ rows }: { readonly rows: readonly FactRow[] }): ReactElement {
  return (
    <dl className="inspector-facts text">
      {rows.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
