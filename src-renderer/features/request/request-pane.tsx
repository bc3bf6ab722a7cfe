// What is sent: body, metainfo, policy; and what the IDL says about it.

import { useCallback, useMemo, useState, type ReactElement } from 'react'
import { prettyMessages } from '../../../shared/logic/json/pretty-messages.ts'
import { anyMessages, bodyShape } from '../../../shared/logic/body/shape.ts'
import type { Draft } from '../../../shared/model/workspace.ts'
import { JsonEditor } from '../../editor/json-editor.tsx'
import { findMethod, useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { IconButton } from '../../ui/button.tsx'
import { TabBar, TabPanel } from '../../ui/tab-bar.tsx'
import { useT } from '../../ui/translation.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { Docs } from './docs.tsx'
import { MetainfoForm } from './metainfo-form.tsx'
import { PolicyForm } from './policy-form.tsx'
import { isUndescribed } from './protocol-choices.ts'

type Shown = 'body' | 'metainfo' | 'connection' | 'policy' | 'docs'

export function RequestPane({ draft }: { readonly draft: Draft }): ReactElement {
  const { t } = useT()
  const [shown, setShown] = useState<Shown>('body')
  const { session, idl } = useStores()
  const actions = useActions()
  const set = useSlice(idl, (state) => state.value)
  const found = useMemo(() => findMethod(set, draft.request.method), [set, draft.request.method])
  const { metainfo, policy, body } = draft.request
  const policies = Number(policy.retry !== undefined) + Number(policy.serviceBreaker !== undefined) + Number(policy.instanceBreaker !== undefined)
  const tabs = [
    { key: 'body' as const, label: t('app.request.body') },
    { key: 'metainfo' as const, label: t(found?.service.language === 'thrift' || (found === undefined && !isUndescribed(draft.request)) ? 'app.request.metainfo' : 'app.request.headers'), count: metainfo.transient.length + metainfo.persistent.length + draft.request.headers.length },
    { key: 'connection' as const, label: t('app.request.connection'), count: Number(draft.request.tls !== undefined) + Number(draft.request.compress !== 'none') },
    { key: 'policy' as const, label: t('app.request.policy'), count: policies },
    { key: 'docs' as const, label: t('app.request.docs') },
  ]
  const format = (): void => {
    const pretty = prettyMessages(body)
    if (pretty !== undefined) session.change(draft.id, { body: pretty })
  }
  return (
    <section className="pane" aria-label={t('app.request')} data-pane="request">
      <TabBar
        id="request" label={t('app.request')} tabs={tabs} active={shown} onSelect={setShown}
        end={shown === 'body' && (
          <>
            <span className="faint caption truncate">{found === undefined ? '' : argumentType(found.method.args)}</span>
            <IconButton icon="format" label={t('app.format')} keys="shift+alt+f" onClick={format} />
            <IconButton icon="copy" label={t('app.copy')} onClick={() => void actions.copy(body)} />
          </>
        )}
      />
      <TabPanel id="request" active={shown}>
        {shown === 'body' && <Body draft={draft} />}
        {shown === 'metainfo' && <MetainfoForm tab={draft.id} request={draft.request} />}
        {shown === 'connection' && <ConnectionForm tab={draft.id} request={draft.request} />}
        {shown === 'policy' && <PolicyForm tab={draft.id} request={draft.request} />}
        {shown === 'docs' && <Docs method={draft.request.method} found={found} set={set} />}
      </TabPanel>
    </section>
  )
}

const argumentType = (args: readonly { readonly type: { readonly written: string } }[]): string => args.map(({ type }) => type.written).join(', ')

function Body({ draft }: { readonly draft: Draft }): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const set = useSlice(idl, (state) => state.value)
  const isMany = draft.request.transport === 'jsonrpc-ws' && draft.request.stream !== undefined
  const shape = useMemo(() => {
    const method = findMethod(set, draft.request.method)?.method
    if (set === undefined || method === undefined) return isMany ? anyMessages : undefined
    return bodyShape(method, set)
  }, [set, draft.request.method, isMany])
  const { id } = draft
  const onChange = useCallback((body: string) => session.change(id, { body }), [session, id])
  return <JsonEditor id={`body-${id}`} label={t('app.request.body')} value={draft.request.body} onChange={onChange} shape={shape} />
}
