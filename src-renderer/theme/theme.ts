// Which of the two themes is on. The choice `auto` follows the system and keeps following it.

import type { Disposable } from '../../shared/base/disposable.ts'
import { toDisposable } from '../../shared/base/disposable.ts'

export type ThemeName = 'light' | 'dark'
export type ThemeChoice = 'auto' | ThemeName

const systemIsDark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)')

export const resolveTheme = (choice: ThemeChoice): ThemeName => (choice === 'auto' ? (systemIsDark().matches ? 'dark' : 'light') : choice)

/** Paints the window in a theme; Blueprint needs its own class beside our attribute. */
export function paintTheme(theme: ThemeName): void {
  document.documentElement.dataset['theme'] = theme
  document.body.classList.toggle('bp6-dark', theme === 'dark')
}

export function onSystemTheme(listener: () => void): Disposable {
  const query = systemIsDark()
  query.addEventListener('change', listener)
  return toDisposable(() => query.removeEventListener('change', listener))
}
