// What goes beside the message as ordered pairs: Kitex's metainfo in two lanes, one hop (transient) and to the end of the chain (persistent), and
// headers of one's own. Repeated keys are kept.

import { useMemo, type ReactElement } from 'react'
import type { CallRequest } from '../../../shared/model/call.ts'
import type { Metainfo, Pair } from '../../../shared/model/metainfo.ts'
import { findMethod } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useT } from '../../ui/translation.tsx'
import { calleeOf, protocolFor } from './protocol-choices.ts'

type Lane = 'transient' | 'persistent'

export function MetainfoForm({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const set = useSlice(idl, (state) => state.value)
  const callee = useMemo(() => calleeOf(request, findMethod(set, request.method)), [request, set])
  const { metainfo, headers } = request
  const { metainfo: carriesMetainfo, headers: carriesHeaders } = protocolFor(request, callee)
  const lane = (name: Lane): ReactElement => (
    <Pairs
      title={t(`app.metainfo.${name}`)} hint={t(`app.metainfo.${name}Hint`)} pairs={metainfo[name]} add={t('app.metainfo.add')}
      onChange={(pairs) => session.change(tab, { metainfo: { ...copied(metainfo), [name]: pairs.map(copy) } })}
    />
  )
  return (
    <div className="form-scroll">
      {!carriesMetainfo && <p className="banner warn" role="note">{t('app.metainfo.notCarried')}</p>}
      {lane('transient')}
      {lane('persistent')}
      {carriesHeaders && <Pairs title={t('app.metainfo.headers')} hint={t('app.headers.hint')} pairs={headers} add={t('app.headers.add')} onChange={(pairs) => session.change(tab, { headers: pairs.map(copy) })} />}
      {!carriesHeaders && headers.length > 0 && <p className="banner warn" role="note">{t('app.headers.notCarried')}</p>}
    </div>
  )
}

interface PairsProps {
  readonly title: string
  readonly hint: string
  readonly pairs: readonly Pair[]
  readonly add: string
  readonly onChange: (pairs: readonly Pair[]) => void
}

function Pairs({ title, hint, pairs, add, onChange }: PairsProps): ReactElement {
  const { t } = useT()
  const edit = (at: number, pair: Pair): void => onChange(pairs.map((old, index) => (index === at ? pair : old)))
  return (
    <fieldset className="pairs">
      <legend>{title} <span className="faint caption">{hint}</span></legend>
      {pairs.map(([key, value], index) => (
        <div className="pair" key={index}>
          <input className="field mono" aria-label={t('app.metainfo.key')} placeholder={t('app.metainfo.key')} value={key} spellCheck={false} onChange={(event) => edit(index, [event.target.value, value])} />
          <input className="field mono" aria-label={t('app.metainfo.value')} placeholder={t('app.metainfo.value')} value={value} spellCheck={false} onChange={(event) => edit(index, [key, event.target.value])} />
          <IconButton icon="close" label={t('app.remove')} onClick={() => onChange(pairs.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button kind="link" onClick={() => onChange([...pairs, ['', '']])}>{add}</Button>
    </fieldset>
  )
}

const copy = ([key, value]: Pair): [string, string] => [key, value]
const copied = ({ transient, persistent }: Metainfo): { transient: [string, string][]; persistent: [string, string][] } => ({ transient: transient.map(copy), persistent: persistent.map(copy) })
