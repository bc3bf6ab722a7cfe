// Buttons: filled (the one thing to do here), plain, and icon alone, which carries its name for screen readers and its key in the tooltip.

import { Tooltip } from '@blueprintjs/core'
import type { MouseEventHandler, ReactElement, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { KeyHint } from './key-hint.tsx'

export interface ButtonProps {
  readonly children: ReactNode
  readonly kind?: 'primary' | 'plain' | 'danger' | 'link'
  readonly onClick: MouseEventHandler
  readonly disabled?: boolean
  readonly title?: string
  readonly id?: string
}

export function Button({ children, kind = 'plain', onClick, disabled = false, title, id }: ButtonProps): ReactElement {
  return (
    <button type="button" id={id} className={`button button-${kind}`} onClick={onClick} disabled={disabled} title={title}>
      {children}
    </button>
  )
}

export interface IconButtonProps {
  readonly icon: IconName
  readonly label: string
  readonly keys?: string
  readonly onClick: MouseEventHandler
  readonly disabled?: boolean
  readonly pressed?: boolean
  /** Of a button that opens something: while it is open no tooltip lies upon it. */
  readonly expanded?: boolean
}

export function IconButton({ icon, label, keys, onClick, disabled = false, pressed, expanded }: IconButtonProps): ReactElement {
  return (
    <Hint label={label} off={expanded === true} {...(keys === undefined ? {} : { keys })}>
      <button type="button" className="icon-button" aria-label={label} aria-pressed={pressed} aria-expanded={expanded} {...(expanded === undefined ? {} : { 'aria-haspopup': 'dialog' })} onClick={onClick} disabled={disabled}>
        <Icon name={icon} />
      </button>
    </Hint>
  )
}

/** A tooltip that shows the name and the key. */
export function Hint({ label, keys, off = false, children }: { readonly label: string; readonly keys?: string; readonly off?: boolean; readonly children: ReactElement }): ReactElement {
  const content = (
    <span className="hint">
      {label}
      {keys !== undefined && <KeyHint keys={keys} />}
    </span>
  )
  return (
    <Tooltip content={content} hoverOpenDelay={400} placement="auto" compact openOnTargetFocus={false} transitionDuration={0} disabled={off}>
      {children}
    </Tooltip>
  )
}
