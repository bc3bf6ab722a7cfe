// Everything that can be done from the keyboard or the palette, once: id, words, keys, what it does. Menus, tooltips, the key sheet and
// the palette all read this list, so a key is never told in two ways.

import type { MessageKey } from '../../shared/i18n/catalogue.ts'
import type { Actions } from '../store/actions.ts'
import { activities, type Activity } from '../store/layout.ts'
import type { OverlayStore } from '../store/overlay.ts'
import type { Stores } from '../store/stores.ts'
import { resolveTheme } from '../theme/theme.ts'

export interface Command {
  readonly id: string
  readonly label: MessageKey
  /** `mod+enter`; the first is shown. */
  readonly keys?: readonly string[]
  /** Pinyin initials of the Chinese words, to be found by. */
  readonly pinyin: string
  /** Works while a text is edited too. */
  readonly everywhere: boolean
  readonly run: () => void
}

export const activityLabel: Readonly<Record<Activity, MessageKey>> = {
  calls: 'app.activity.calls', services: 'app.activity.services', chain: 'app.activity.chain', traces: 'app.activity.traces', mocks: 'app.activity.mocks', settings: 'app.activity.settings',
}
const activityPinyin: Readonly<Record<Activity, string>> = { calls: 'dy', services: 'fw', chain: 'll', traces: 'zz', mocks: 'mock', settings: 'sz' }

export function createCommands(stores: Stores, actions: Actions, overlay: OverlayStore): readonly Command[] {
  const command = (id: string, label: MessageKey, pinyin: string, keys: readonly string[], run: () => void, everywhere = true): Command => ({ id, label, pinyin, keys, run, everywhere })
  const active = (): string | undefined => stores.session.store.getState().active
  const save = async (): Promise<void> => {
    const tab = active()
    if (tab !== undefined && !(await actions.saveInPlace(tab))) overlay.open({ kind: 'save', tab })
  }
  return [
    command('palette', 'app.command.palette', 'mlmb', ['mod+k', 'mod+shift+p'], () => overlay.open({ kind: 'palette', mode: 'everything' })),
    command('methods', 'app.command.methods', 'dkff', ['mod+p', 'mod+t'], () => overlay.open({ kind: 'palette', mode: 'methods' })),
    command('send', 'app.command.send', 'fs', ['mod+enter'], () => (document.activeElement?.closest('[data-compose]') ? actions.sendMessage() : actions.send())),
    command('save', 'app.command.save', 'bc', ['mod+s'], () => void save()),
    command('close', 'app.command.close', 'gbbqy', ['mod+w'], () => {
      const tab = active()
      if (tab !== undefined) actions.close(tab)
    }),
    command('reopen', 'app.command.reopen', 'cxdkbqy', ['mod+shift+t'], () => stores.session.reopen()),
    command('next', 'app.command.nextTab', 'xyg', ['ctrl+tab', 'mod+pagedown'], () => stores.session.step(1)),
    command('previous', 'app.command.previousTab', 'syg', ['ctrl+shift+tab', 'mod+pageup'], () => stores.session.step(-1)),
    command('example', 'app.command.example', 'tcsl', [], () => {
      const tab = active()
      if (tab !== undefined) void actions.fillExample(tab)
    }),
    ...activities.map((activity, index) => command(`activity.${activity}`, activityLabel[activity], activityPinyin[activity], [`mod+${index + 1}`], () => stores.layout.show(activity))),
    command('explorer', 'app.command.explorer', 'cbl', ['mod+b'], () => stores.layout.toggleExplorer()),
    command('panel', 'app.command.panel', 'dbmb', ['mod+j'], () => stores.layout.togglePanel()),
    command('nextPane', 'app.command.nextPane', 'xygmb', ['f6'], () => focusPane(1)),
    command('previousPane', 'app.command.previousPane', 'sygmb', ['shift+f6'], () => focusPane(-1)),
    command('filter', 'app.command.filter', 'sx', ['/'], focusFilter, false),
    command('keys', 'app.command.keys', 'jp', ['?'], () => overlay.open({ kind: 'keys' }), false),
    command('newHttp', 'app.command.newHttp', 'xjhttp', [], () => actions.openUndescribed('http')),
    command('newJsonRpc', 'app.command.newJsonRpc', 'xjjsonrpc', [], () => actions.openUndescribed('jsonrpc-ws')),
    command('openIdl', 'app.command.openIdl', 'dkidl', ['mod+o'], () => void stores.workspace.pickIdl()),
    command('askIdl', 'app.command.askIdl', 'xfwqhqidl', [], () => overlay.open({ kind: 'ask-idl' })),
    command('refreshIdl', 'app.command.refreshIdl', 'cxjzidl', [], () => void stores.workspace.refreshIdl().then(() => stores.idl.restart())),
    command('openFolder', 'app.command.openFolder', 'dkgzq', ['mod+shift+o'], () => void stores.workspace.openFolder()),
    command('openDemo', 'app.command.openDemo', 'dkys', [], () => void stores.workspace.openDemo()),
    command('language', 'app.command.language', 'qhyy', [], () => void stores.preferences.toggleLanguage()),
    command('theme', 'app.command.theme', 'qhzt', [], () => toggleTheme(stores)),
    command('clearHistory', 'app.command.clearHistory', 'qklsjl', [], () => void stores.history.clear()),
  ]
}

export function toggleTheme({ preferences }: Stores): void {
  const now = resolveTheme(preferences.store.getState().settings.theme)
  void preferences.change({ theme: now === 'dark' ? 'light' : 'dark' })
}

/** Moves the focus around the visible panes, into the first thing of the pane that takes it. */
export function focusPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null)
  const at = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[(at + step + panes.length) % panes.length] ?? panes[0]
  const inside = next?.querySelector<HTMLElement>('[role="treegrid"], textarea, [role="tab"][aria-selected="true"], button:not(:disabled), input, [tabindex="0"]')
  ;(inside ?? next)?.focus()
}

function focusFilter(): void {
  const filters = [...document.querySelectorAll<HTMLInputElement>('[data-filter]')].filter((input) => input.offsetParent !== null)
  const main = filters.find((input) => input.closest('main') !== null)
  const field = main ?? filters[0]
  field?.focus()
  field?.select()
}
