// What is called: a method of the IDL, or what one types where no IDL describes it (an HTTP verb and path, a JSON-RPC method).

import type { ReactElement } from 'react'
import { methodTitle } from '../../../../shared/logic/method-title.ts'
import type { CallRequest } from '../../../../shared/model/call.ts'
import { findMethod, useActions } from '../../../store/actions.ts'
import { withTimeFor } from '../../../store/requests.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { Picker } from '../../../ui/picker.tsx'
import { QualifiedName } from '../../../ui/qualified-name.tsx'
import { useT } from '../../../ui/translation.tsx'
import { isUndescribed } from '../protocol-choices.ts'

const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

export function MethodField({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  if (!isUndescribed(request)) return <MethodPicker tab={tab} request={request} />
  return request.transport === 'jsonrpc-ws' ? <NameField tab={tab} request={request} /> : <VerbAndPath tab={tab} request={request} />
}

function VerbAndPath({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const at = request.method.indexOf(' ')
  const [verb, path] = [request.method.slice(0, at), request.method.slice(at + 1)]
  const put = (nextVerb: string, nextPath: string): void => {
    session.change(tab, { method: `${nextVerb} ${nextPath}` })
    session.update(tab, { title: `${nextVerb} ${nextPath}` })
  }
  return (
    <span className="verb-and-path">
      <select className="field" id="verb" aria-label={t('app.http.verb')} value={verb} onChange={(event) => put(event.target.value, path)}>
        {verbs.map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
      <input id="path" className="field mono" aria-label={t('app.http.path')} value={path} spellCheck={false} onChange={(event) => put(verb, event.target.value)} />
    </span>
  )
}

function NameField({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  return (
    <span className="verb-and-path">
      <input
        id="method-name" className="field mono" aria-label={t('app.method')} value={request.method} spellCheck={false} placeholder={t('app.method.namePlaceholder')}
        onChange={(event) => {
          session.change(tab, { method: event.target.value })
          session.update(tab, { title: event.target.value })
        }}
      />
    </span>
  )
}

function MethodPicker({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session, idl } = useStores()
  const actions = useActions()
  const { t } = useT()
  const set = useSlice(idl, (state) => state.value)
  const services = set?.services
  const choices = (services ?? []).flatMap((service) => service.methods.map((method) => ({ id: `${service.name}/${method.name}`, label: method.name, detail: service.name, ...(method.kind === 'unary' ? {} : { end: <span className="chip">{method.kind}</span> }) })))
  const [service, method] = splitMethod(request.method)
  return (
    <Picker
      id="method" label={t('app.method')} choices={choices} selected={request.method} filterable placeholder={t('app.method.filter')} fill
      onChoose={(id) => {
        if (id === request.method) return
        session.change(tab, { method: id, timeoutMs: withTimeFor(findMethod(set, id)?.method, request).timeoutMs })
        session.update(tab, { title: methodTitle(id) })
        void actions.fillExample(tab)
      }}
    >
      {service !== '' && <span className="dim method-service"><QualifiedName name={service} />/</span>}
      <strong className="truncate method-name">{method}</strong>
    </Picker>
  )
}

/** Services of Protobuf have dots and no slash, so the last slash parts the two. */
function splitMethod(name: string): readonly [service: string, method: string] {
  const slash = name.lastIndexOf('/')
  return slash < 0 ? ['', name] : [name.slice(0, slash), name.slice(slash + 1)]
}
