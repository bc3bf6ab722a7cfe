// Addresses of one's own, and the question what speaks there.

import { useState, type ReactElement } from 'react'
import type { CallRequest, Target } from '../../../../shared/model/call.ts'
import { useStores } from '../../../store/stores.ts'
import { useT } from '../../../ui/translation.tsx'
import { ProbeButton } from './probe-button.tsx'

export function EndpointField({ tab, request, target }: { readonly tab: string; readonly request: CallRequest; readonly target: Extract<Target, { kind: 'direct' }> }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const [text, setText] = useState(target.endpoints.join(', '))
  const endpoints = text.split(/[\s,]+/).filter((part) => part !== '')
  const wrong = endpoints.find((endpoint) => !/^(\[[0-9a-f:.]+\]|[^:\s]+):\d{1,5}$/i.test(endpoint))
  return (
    <span className="endpoint">
    <input
      id="endpoint" className="field mono endpoint-field" aria-label={t('app.target.endpoint')} title={wrong === undefined ? t('app.target.endpointHint') : t('app.target.endpointWrong', { endpoint: wrong })} value={text}
      spellCheck={false} aria-invalid={wrong !== undefined || endpoints.length === 0}
      onChange={(event) => {
        setText(event.target.value)
        const next = event.target.value.split(/[\s,]+/).filter((part) => part !== '')
        if (next.length > 0) session.change(tab, { target: { ...target, endpoints: next } })
      }}
    />
    <ProbeButton tab={tab} request={request} endpoint={wrong === undefined ? endpoints[0] : undefined} />
    </span>
  )
}
