// Keys of the window. Listens in the capture phase, since Monaco would take Ctrl-K and Ctrl-Enter for itself; single letters work only
// outside of text.

import { toDisposable, type Disposable } from '../../shared/base/disposable.ts'
import type { Command } from './commands.ts'

export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** `mod+shift+p` of a key press; `mod` is Ctrl, or Cmd on a Mac, where Ctrl stays `ctrl`. */
export function keysOf(press: KeyPress, isMac: boolean): string {
  const key = press.key.toLowerCase()
  const mod = isMac ? press.metaKey : press.ctrlKey
  const printable = key.length === 1 && !/[a-z0-9]/.test(key)
  const parts = [mod ? 'mod' : '', isMac && press.ctrlKey ? 'ctrl' : '', press.altKey ? 'alt' : '', press.shiftKey && !printable ? 'shift' : '', key]
  return parts.filter((part) => part !== '').join('+')
}

const writes = (element: EventTarget | null): boolean =>
  element instanceof HTMLElement && (element.isContentEditable || element.tagName === 'TEXTAREA' || element.tagName === 'SELECT' || (element instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(element.type)) || element.closest('.monaco-editor') !== null)

export function listenToKeys(commands: readonly Command[], isMac: boolean, isModal: () => boolean, onEscape: () => boolean): Disposable {
  // On other systems `ctrl+tab` is written `mod+tab` by keysOf.
  const normal = (keys: string): string => (isMac ? keys : keys.replace(/^ctrl\+/, 'mod+'))
  const byKeys = new Map(commands.flatMap((command) => (command.keys ?? []).map((keys) => [normal(keys), command] as const)))
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.key === 'Escape') return
    const command = byKeys.get(keysOf(event, isMac))
    if (command === undefined || isModal() || (!command.everywhere && writes(event.target))) return
    event.preventDefault()
    event.stopPropagation()
    command.run()
  }
  // Escape is heard last: whatever is innermost (a menu, Monaco's suggestions) closes first.
  const onEscapeKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && onEscape()) event.preventDefault()
  }
  window.addEventListener('keydown', onKeyDown, { capture: true })
  window.addEventListener('keydown', onEscapeKey)
  return toDisposable(() => {
    window.removeEventListener('keydown', onKeyDown, { capture: true })
    window.removeEventListener('keydown', onEscapeKey)
  })
}
