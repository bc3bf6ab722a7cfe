// The narrow bar at the left edge: six screens, one key each.

import type { ReactElement } from 'react'
import { activities, type Activity } from '../store/layout.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { Hint } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useT } from '../ui/translation.tsx'
import { activityLabel } from './commands.ts'

export function ActivityBar(): ReactElement {
  const { t } = useT()
  return (
    <nav className="activity-bar" aria-label={t('app.activity')} data-pane="activity">
      {activities.map((activity, index) => <ActivityButton key={activity} activity={activity} keys={`mod+${index + 1}`} />)}
    </nav>
  )
}

function ActivityButton({ activity, keys }: { readonly activity: Activity; readonly keys: string }): ReactElement {
  const { layout } = useStores()
  const { t } = useT()
  const current = useSlice(layout, (state) => state.activity)
  const onClick = (): void => (current === 'calls' && activity === 'calls' ? layout.toggleExplorer() : layout.show(activity))
  return (
    <div className={`activity activity-${activity}`}>
      <Hint label={t(activityLabel[activity])} keys={keys}>
        <button type="button" className="activity-button" aria-label={t(activityLabel[activity])} aria-current={activity === current ? 'page' : undefined} onClick={onClick}>
          <Icon name={activity} />
        </button>
      </Hint>
    </div>
  )
}
