// Where the request goes and how, in one line: protocol, service or address, instance, method, timeout, Send.

import type { ReactElement } from 'react'
import type { CallRequest } from '../../../../shared/model/call.ts'
import type { Run } from '../../../store/runs.ts'
import { useT } from '../../../ui/translation.tsx'
import { EndpointField } from './endpoint-field.tsx'
import { InstancePicker } from './instance-picker.tsx'
import { MethodField } from './method-picker.tsx'
import { ProtocolPicker } from './protocol-picker.tsx'
import { SendButton } from './send-button.tsx'
import { ServicePicker } from './service-picker.tsx'
import { TimeoutField } from './timeout-field.tsx'

interface Props {
  readonly tab: string
  readonly request: CallRequest
  readonly run: Run | undefined
}

export function TargetBar({ tab, request, run }: Props): ReactElement {
  const { t } = useT()
  return (
    <div className="target-bar" role="toolbar" aria-label={t('app.target')} data-pane="target">
      <ProtocolPicker tab={tab} request={request} record={run?.record} />
      <ServicePicker tab={tab} request={request} />
      {request.target.kind === 'service' ? <InstancePicker tab={tab} target={request.target} record={run?.record} /> : <EndpointField tab={tab} request={request} target={request.target} />}
      <MethodField tab={tab} request={request} />
      <TimeoutField tab={tab} request={request} />
      <SendButton tab={tab} run={run} />
    </div>
  )
}
