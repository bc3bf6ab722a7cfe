// Something in front of everything: traps the focus, closes by Escape or a click beside it. Blueprint's overlay does the trapping.

import { Overlay2 } from '@blueprintjs/core'
import type { ReactElement, ReactNode } from 'react'

export function Modal({ label, className, onClose, children }: { readonly label: string; readonly className: string; readonly onClose: () => void; readonly children: ReactNode }): ReactElement {
  return (
    <Overlay2 isOpen onClose={onClose} transitionDuration={0} usePortal hasBackdrop autoFocus={false} enforceFocus canEscapeKeyClose shouldReturnFocusOnClose={false}>
      <div className={`modal ${className}`} role="dialog" aria-modal="true" aria-label={label} tabIndex={-1}>
        {children}
      </div>
    </Overlay2>
  )
}
