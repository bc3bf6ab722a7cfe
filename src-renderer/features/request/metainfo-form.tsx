// Metainfo as ordered pairs in two lanes: one hop (transient) and to the end of the chain (persistent). Repeated keys are kept.

import type { ReactElement } from 'react'
import type { Metainfo, Pair } from '../../../shared/model/metainfo.ts'
import { useStores } from '../../store/stores.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useT } from '../../ui/translation.tsx'

type Lane = 'transient' | 'persistent'

export function MetainfoForm({ tab, metainfo, transport }: { readonly tab: string; readonly metainfo: Metainfo; readonly transport: string }): ReactElement {
  const { t } = useT()
  const carries = transport === 'auto' || transport.startsWith('ttheader')
  return (
    <div className="form-scroll">
      {!carries && <p className="banner warn" role="note">{t('app.metainfo.notCarried')}</p>}
      <LaneForm tab={tab} lane="transient" metainfo={metainfo} />
      <LaneForm tab={tab} lane="persistent" metainfo={metainfo} />
    </div>
  )
}

function LaneForm({ tab, lane, metainfo }: { readonly tab: string; readonly lane: Lane; readonly metainfo: Metainfo }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const pairs = metainfo[lane]
  const put = (next: readonly Pair[]): void => session.change(tab, { metainfo: { transient: [...metainfo.transient.map(copy)], persistent: [...metainfo.persistent.map(copy)], [lane]: next.map(copy) } })
  const edit = (at: number, pair: Pair): void => put(pairs.map((old, index) => (index === at ? pair : old)))
  return (
    <fieldset className="pairs">
      <legend>{t(`app.metainfo.${lane}`)} <span className="faint caption">{t(`app.metainfo.${lane}Hint`)}</span></legend>
      {pairs.map(([key, value], index) => (
        <div className="pair" key={index}>
          <input className="field mono" aria-label={t('app.metainfo.key')} placeholder={t('app.metainfo.key')} value={key} spellCheck={false} onChange={(event) => edit(index, [event.target.value, value])} />
          <input className="field mono" aria-label={t('app.metainfo.value')} placeholder={t('app.metainfo.value')} value={value} spellCheck={false} onChange={(event) => edit(index, [key, event.target.value])} />
          <IconButton icon="close" label={t('app.remove')} onClick={() => put(pairs.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button kind="link" onClick={() => put([...pairs, ['', '']])}>{t('app.metainfo.add')}</Button>
    </fieldset>
  )
}

const copy = ([key, value]: Pair): [string, string] => [key, value]
