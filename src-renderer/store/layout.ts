// Where things are: which activity, which panes are open, how large. State, not settings; remembered by the host, written behind.

import { createStore } from 'zustand/vanilla'
import type { Layout } from '../../shared/model/workspace.ts'
import type { Platform } from '../platform/client.ts'
import type { Slice } from './state.ts'

export const activities = ['calls', 'services', 'chain', 'traces', 'mocks', 'settings'] as const
export type Activity = (typeof activities)[number]

export interface LayoutState {
  readonly activity: Activity
  readonly explorerOpen: boolean
  /** Where there is room for one of them only: the explorer instead of the request. Not remembered. */
  readonly explorerInFront: boolean
  readonly panelOpen: boolean
  /** Shares of the first pane in percent, by split. */
  readonly shares: Readonly<Record<string, number>>
}

export interface LayoutStore extends Slice<LayoutState> {
  show(activity: Activity): void
  /** The request comes to the front, also where the explorer covers it. */
  showRequest(): void
  toggleExplorer(): void
  togglePanel(open?: boolean): void
  setShare(split: string, share: number): void
}

const saveAfterMs = 300

export function createLayoutStore(platform: Platform, remembered: Layout): LayoutStore {
  const store = createStore<LayoutState>(() => fromLayout(remembered))
  let timer: ReturnType<typeof setTimeout> | undefined
  store.subscribe((state) => {
    clearTimeout(timer)
    timer = setTimeout(() => void platform.request('app.setLayout', toLayout(state)), saveAfterMs)
  })
  return {
    store,
    show: (activity) => store.setState({ activity }),
    showRequest: () => store.setState({ activity: 'calls', explorerInFront: false }),
    toggleExplorer: () => store.setState(({ explorerOpen, explorerInFront }) => ({ explorerOpen: !explorerOpen, explorerInFront: !explorerInFront })),
    togglePanel: (open) => store.setState(({ panelOpen }) => ({ panelOpen: open ?? !panelOpen })),
    setShare: (split, share) => store.setState(({ shares }) => ({ shares: { ...shares, [split]: share } })),
  }
}

export function fromLayout(layout: Layout): LayoutState {
  const activity = activities.find((name) => name === layout['activity']) ?? 'calls'
  const shares = Object.entries(layout).flatMap(([key, value]) => (key.startsWith('share.') && typeof value === 'number' ? [[key.slice(6), value] as const] : []))
  return { activity, explorerOpen: layout['explorerOpen'] !== false, explorerInFront: false, panelOpen: layout['panelOpen'] !== false, shares: Object.fromEntries(shares) }
}

export function toLayout({ activity, explorerOpen, panelOpen, shares }: LayoutState): Layout {
  return { activity, explorerOpen, panelOpen, ...Object.fromEntries(Object.entries(shares).map(([split, share]) => [`share.${split}`, share])) }
}
