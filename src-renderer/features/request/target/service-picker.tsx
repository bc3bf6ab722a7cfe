// Who is called: a service of the registry, or addresses of one's own.

import type { ReactElement } from 'react'
import type { CallRequest } from '../../../../shared/model/call.ts'
import type { Instance } from '../../../../shared/model/instance.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { currentRegistry } from '../../../store/workspace.ts'
import { Picker } from '../../../ui/picker.tsx'
import { useT } from '../../../ui/translation.tsx'

const directId = ':direct'

export function ServicePicker({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session, registry, workspace } = useStores()
  const { t } = useT()
  const view = useSlice(registry, (state) => state.value)
  const url = useSlice(workspace, (state) => currentRegistry(state.workspace))
  const { target } = request
  const services = view?.services ?? []
  const choices = [
    ...services.map(({ service, instances }) => ({ id: service, label: service, detail: t('app.status.instances', { count: instances.length, shown: String(instances.length) }), disabled: url === undefined })),
    { id: directId, label: t('app.target.direct'), detail: t('app.target.directHint') },
  ]
  const choose = (id: string): void => {
    if (id === directId) session.change(tab, { target: { kind: 'direct', endpoints: target.kind === 'direct' ? target.endpoints : firstAddress(services, target.service) } })
    else if (url !== undefined) session.change(tab, { target: { kind: 'service', service: id, registry: url, tags: {} } })
  }
  return (
    <Picker id="service" label={t('app.target.service')} choices={choices} selected={target.kind === 'service' ? target.service : directId} filterable={services.length > 8} placeholder={t('app.filter')} onChoose={choose}>
      {target.kind === 'service' ? <span className="truncate picker-value">{target.service} <span className="faint">{schemeOf(target.registry)}</span></span> : t('app.target.direct')}
    </Picker>
  )
}

const schemeOf = (registry: string): string => /^[a-z0-9]+/.exec(registry)?.[0] ?? ''
const firstAddress = (services: readonly { readonly service: string; readonly instances: readonly Instance[] }[], service: string): string[] =>
  [services.find((one) => one.service === service)?.instances[0]?.address ?? '127.0.0.1:8888']
