// Rows of a form: a label at the left, a field at the right, the same in every form.

import type { ReactElement, ReactNode } from 'react'

/** A label and what belongs to it. */
export function Row({ label, children, indent = false }: { readonly label: string; readonly children: ReactNode; readonly indent?: boolean }): ReactElement {
  return (
    <div className={`form-row ${indent ? 'form-indent' : ''}`}>
      <span className="form-label">{label}</span>
      <span className="form-value">{children}</span>
    </div>
  )
}

export function Switch({ label, on, onChange, indent = false, disabled = false }: { readonly label: string; readonly on: boolean; readonly onChange: (on: boolean) => void; readonly indent?: boolean; readonly disabled?: boolean }): ReactElement {
  return (
    <label className={`form-switch ${indent ? 'form-indent' : ''}`}>
      <input type="checkbox" checked={on} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

export function Choice<T extends string>({ label, value, options, onChange, word = (option) => option }: { readonly label: string; readonly value: T; readonly options: readonly T[]; readonly onChange: (value: T) => void; readonly word?: (option: T) => string }): ReactElement {
  return (
    <select
      className="field" aria-label={label} value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option === event.target.value)
        if (chosen !== undefined) onChange(chosen)
      }}
    >
      {options.map((option) => <option key={option} value={option}>{word(option)}</option>)}
    </select>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly value: number
  readonly unit?: string
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly onChange: (value: number) => void
}

export function NumberField({ label, value, unit, min = 0, max, step = 1, onChange }: NumberFieldProps): ReactElement {
  return (
    <span className="number-field">
      <input
        className="field" type="number" aria-label={label} value={value} min={min} max={max} step={step}
        onChange={(event) => {
          const next = event.target.valueAsNumber
          if (Number.isFinite(next) && next >= min && (max === undefined || next <= max)) onChange(next)
        }}
      />
      {unit !== undefined && <span className="faint">{unit}</span>}
    </span>
  )
}

/** A line of text; what is typed counts at once. */
export function TextField({ label, value, placeholder, onChange }: { readonly label: string; readonly value: string; readonly placeholder?: string; readonly onChange: (value: string) => void }): ReactElement {
  return <input className="field mono" aria-label={label} value={value} placeholder={placeholder} spellCheck={false} onChange={(event) => onChange(event.target.value)} />
}
