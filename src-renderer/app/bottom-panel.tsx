// The bottom panel: what the call of this tab passed and what it caused. The frame owns the place, the chain feature owns the content.

import type { ReactElement } from 'react'
import { activeTab } from '../store/session.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { EmptyState, Pending } from '../ui/states.tsx'
import { TabBar, TabPanel } from '../ui/tab-bar.tsx'
import { IconButton } from '../ui/button.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'
import { CallInspector } from './call-inspector.tsx'

const allStepsKey = 'inspector.allSteps'

/** Below the editors it can be closed; as the chain screen it is the `whole` main area. */
export function BottomPanel({ whole = false }: { readonly whole?: boolean }): ReactElement {
  const { layout } = useStores()
  const { t } = useT()
  const allSteps = useSlice(layout, (state) => state.shares[allStepsKey] === 1)
  return (
    <section className="bottom-panel" aria-label={t('app.panel.chainAndTrace')} data-pane="panel">
      <TabBar
        id="panel" label={t('app.panel')} tabs={[{ key: 'chain', label: t('app.panel.chainAndTrace') }]} active="chain" onSelect={() => undefined}
        end={<>
          <button type="button" className="button button-link" aria-pressed={allSteps} onClick={() => layout.setShare(allStepsKey, allSteps ? 0 : 1)}>{t(allSteps ? 'inspector.keySteps' : 'inspector.showAll')}</button>
          {!whole && <IconButton icon="close" label={t('app.command.panel')} keys="mod+j" onClick={() => layout.togglePanel(false)} />}
        </>}
      />
      <TabPanel id="panel" active="chain"><ChainSlot /></TabPanel>
    </section>
  )
}

/** The chain and trace of the active tab's call; before the first call, one sentence. */
function ChainSlot(): ReactElement {
  const { session, layout } = useStores()
  const { runs } = useFrame()
  const { t } = useT()
  const active = useSlice(session, (state) => state.active)
  const run = useSlice(runs, ({ byTab }) => (active === undefined ? undefined : byTab[active]))
  const tab = useSlice(session, activeTab)
  const keyStepsOnly = useSlice(layout, (state) => state.shares[allStepsKey] !== 1)
  if (run?.phase === 'running') return <Pending label={t('app.call.running')} />
  if (run?.record !== undefined && tab !== undefined) {
    const { target } = tab.request
    const onPin = target.kind === 'service' ? (address: string): void => session.change(tab.id, { target: { ...target, pinned: address } }) : undefined
    return <CallInspector key={run.record.id} record={run.record} keyStepsOnly={keyStepsOnly} onPin={onPin} />
  }
  return <EmptyState title={t('app.panel.empty')} />
}
