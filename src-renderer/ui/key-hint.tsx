// Keys as people of this system write them: `mod+enter` is "Ctrl ⏎" here and "⌘ ⏎" on a Mac.

import type { ReactElement } from 'react'

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
const names: Readonly<Record<string, string>> = { mod: isMac ? '⌘' : 'Ctrl', shift: isMac ? '⇧' : 'Shift', alt: isMac ? '⌥' : 'Alt', enter: '⏎', escape: 'Esc', up: '↑', down: '↓', pageup: 'PgUp', pagedown: 'PgDn' }

/** Text of `mod+shift+p`. */
export const writeKeys = (keys: string): string =>
  keys.split(/(?<!^)\+/).map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1))).join(' ')

export function KeyHint({ keys }: { readonly keys: string }): ReactElement {
  return <kbd>{writeKeys(keys)}</kbd>
}
