// A choice among few, all in sight: radios drawn as one strip.

import { useId, type ReactElement } from 'react'

export interface SegmentsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  readonly word: (option: T) => string
  readonly onChange: (option: T) => void
}

export function Segments<T extends string>({ label, value, options, word, onChange }: SegmentsProps<T>): ReactElement {
  const name = useId()
  return (
    <div className="segments" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option} className="segment">
          <input type="radio" name={name} className="visually-hidden" checked={option === value} onChange={() => onChange(option)} />
          <span>{word(option)}</span>
        </label>
      ))}
    </div>
  )
}
