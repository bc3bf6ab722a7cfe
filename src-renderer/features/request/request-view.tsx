// One request and its reply, side by side; one above the other where there is no room.

import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Draft } from '../../../shared/model/workspace.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import type { Run } from '../../store/runs.ts'
import { SplitPane } from '../../ui/split-pane.tsx'
import { useT } from '../../ui/translation.tsx'
import { ReplyPane } from './reply-pane.tsx'
import { RequestPane } from './request-pane.tsx'
import { TargetBar } from './target/target-bar.tsx'

const stackBelow = 620

/** `stream` stands in the reply's place for methods that stream. */
export function RequestView({ draft, run, stream }: { readonly draft: Draft; readonly run: Run | undefined; readonly stream?: ReactElement | undefined }): ReactElement {
  const { layout } = useStores()
  const { t } = useT()
  const box = useRef<HTMLDivElement>(null)
  const stacked = useNarrowBox(box, stackBelow)
  const split = stacked ? 'request-stacked' : 'request'
  const share = useSlice(layout, (state) => state.shares[split])
  return (
    <div ref={box} className="request-view">
      <TargetBar tab={draft.id} request={draft.request} run={run} />
      <SplitPane
        key={split} id={split} label={t('app.split.request')} direction={stacked ? 'column' : 'row'} share={share} onShare={(value) => layout.setShare(split, value)} defaultFirst="50" minFirst={stacked ? 80 : 220} minSecond={stacked ? 80 : 220}
        first={<RequestPane draft={draft} />} second={<ReplyPane draft={draft} run={run} stream={stream} />}
      />
    </div>
  )
}

function useNarrowBox(box: React.RefObject<HTMLElement | null>, width: number): boolean {
  const [narrow, setNarrow] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(([entry]) => setNarrow((entry?.contentRect.width ?? width) < width))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box, width])
  return narrow
}
