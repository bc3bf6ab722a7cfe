// A drop-down of the toolbar: what is chosen now, and a list that filters where it is long.

import { PopoverNext } from '@blueprintjs/core'
import { useRef, useState, type ReactElement, type ReactNode } from 'react'
import { ChoiceList, type Choice } from './choice-list.tsx'
import { useT } from './translation.tsx'

export interface PickerProps {
  /** What is chosen here, such as "Transport". */
  readonly label: string
  readonly choices: readonly Choice[]
  readonly selected?: string | undefined
  readonly onChoose: (id: string) => void
  /** What the button shows. */
  readonly children: ReactNode
  readonly filterable?: boolean
  readonly placeholder?: string
  readonly fill?: boolean
  readonly disabled?: boolean
  readonly title?: string
  readonly id?: string
  readonly onFreeText?: (text: string) => void
}

export function Picker(props: PickerProps): ReactElement {
  const { t } = useT()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  const done = (action: () => void) => (): void => {
    close()
    action()
  }
  return (
    <PopoverNext
      isOpen={open} onInteraction={(next) => setOpen(next && props.disabled !== true)} placement="bottom-start" arrow={false} animation="minimal" transitionDuration={0} autoFocus={false} enforceFocus={false}
      // The overlay would give it back to the list, which has it when the overlay first looks, and which is about to go.
      shouldReturnFocusOnClose={false}
      fill={props.fill ?? false} popoverClassName="picker-popover"
      content={(
        <ChoiceList
          label={props.label} choices={props.choices} selected={props.selected} filterable={props.filterable ?? false} emptyText={t('app.noMatch')} onCancel={close}
          onChoose={(id) => done(() => props.onChoose(id))()} {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
          {...(props.onFreeText === undefined ? {} : { onFreeText: (text: string) => done(() => props.onFreeText?.(text))() })}
        />
      )}
      renderTarget={({ isOpen, ref, className }) => (
        <button
          id={props.id} type="button" onClick={() => setOpen(!open)} disabled={props.disabled} title={props.title} className={`picker ${props.fill === true ? 'picker-fill' : ''} ${className ?? ''}`}
          aria-haspopup="listbox" aria-expanded={isOpen}
          ref={(element) => {
            button.current = element
            if (typeof ref === 'function') ref(element)
            else if (ref !== null && ref !== undefined) ref.current = element
          }}
        >
          <span className="visually-hidden">{props.label}: </span>
          {props.children}
          <span className="picker-arrow" aria-hidden="true">▼</span>
        </button>
      )}
    />
  )
}
