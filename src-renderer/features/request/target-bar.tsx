// Where the request goes and how, in one line: transport, service or address, instance, method, timeout, Send.

import { useEffect, useRef, useState, type ReactElement } from 'react'
import { formatMs } from '../../../shared/logic/format.ts'
import { transportChoices, type CallRecord, type CallRequest, type Target } from '../../../shared/model/call.ts'
import type { BalancerDecision } from '../../../shared/model/chain.ts'
import type { Instance } from '../../../shared/model/instance.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { currentEnvironment, currentRegistry } from '../../store/workspace.ts'
import type { Run } from '../../store/runs.ts'
import { KeyHint } from '../../ui/key-hint.tsx'
import { Picker } from '../../ui/picker.tsx'
import { useT } from '../../ui/translation.tsx'
import { transportLabel } from './transport-label.ts'

interface Props {
  readonly tab: string
  readonly request: CallRequest
  readonly run: Run | undefined
}

export function TargetBar({ tab, request, run }: Props): ReactElement {
  const { t } = useT()
  return (
    <div className="target-bar" role="toolbar" aria-label={t('app.target')} data-pane="target">
      <TransportPicker tab={tab} request={request} />
      <ServicePicker tab={tab} request={request} />
      {request.target.kind === 'service' ? <InstancePicker tab={tab} request={request} target={request.target} record={run?.record} /> : <Endpoint tab={tab} target={request.target} />}
      <MethodPicker tab={tab} request={request} />
      <Timeout tab={tab} request={request} />
      <SendButton tab={tab} run={run} />
    </div>
  )
}

function TransportPicker({ tab, request }: Omit<Props, 'run'>): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const choices = transportChoices.map((id) => ({ id, label: transportLabel(id, t), ...(id === 'auto' ? { detail: t('app.transport.autoHint') } : {}) }))
  return (
    <Picker
      id="transport" label={t('app.transport')} choices={choices} selected={request.transport}
      onChoose={(id) => {
        const transport = transportChoices.find((one) => one === id)
        if (transport !== undefined) session.change(tab, { transport })
      }}
    >
      {transportLabel(request.transport, t)}{request.transport !== 'auto' && <span className="faint picker-more"> · Thrift Binary</span>}
    </Picker>
  )
}

const directId = ':direct'

function ServicePicker({ tab, request }: Omit<Props, 'run'>): ReactElement {
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

const autoId = ':auto'

function InstancePicker({ tab, target, record }: { readonly tab: string; readonly request: CallRequest; readonly target: Extract<Target, { kind: 'service' }>; readonly record: CallRecord | undefined }): ReactElement {
  const { session, registry } = useStores()
  const { t } = useT()
  const instances = useSlice(registry, (state) => state.value?.services.find(({ service }) => service === target.service)?.instances)
  const choices = [
    { id: autoId, label: t('app.instance.auto'), detail: t('app.instance.autoHint') },
    ...(instances ?? []).map(({ address, weight, tags }) => ({ id: address, label: address, detail: [`w${weight}`, ...Object.entries(tags).map(([key, value]) => `${key}=${value}`)].join(' ') })),
  ]
  const choose = (id: string): void => {
    const { pinned: _pinned, ...rest } = target
    session.change(tab, { target: id === autoId ? rest : { ...rest, pinned: id } })
  }
  const why = usePickWords(record)
  return (
    <Picker id="instance" label={t('app.instance')} choices={choices} selected={target.pinned ?? autoId} filterable={choices.length > 10} placeholder={t('app.filter')} onChoose={choose} {...(why === undefined ? {} : { title: why })}>
      <span className="faint">{t('app.instance')}</span> {target.pinned === undefined ? t('app.instance.auto') : <span className="mono">{target.pinned}</span>}
    </Picker>
  )
}

/** Why the last call went where it went: the candidates, their weights and scores, who was left out and why. */
function usePickWords(record: CallRecord | undefined): string | undefined {
  const { t, text } = useT()
  const picks = (record?.chain.nodes ?? []).flatMap(({ decision, attempt }) => (decision?.kind === 'balancer' ? [{ decision, attempt }] : []))
  const last = picks.at(-1)
  if (last === undefined) return undefined
  const line = ({ address, weight, score, excluded }: BalancerDecision['candidates'][number]): string =>
    `${address === last.decision.picked ? '→' : '  '} ${address}  ${t('app.column.weight')} ${weight}${score === undefined ? '' : `  ${t('app.column.score')} ${Number(score.toPrecision(4))}`}${excluded === undefined ? '' : `  ${text(excluded)}`}`
  return [t('app.instance.why', { picked: last.decision.picked ?? '–', policy: last.decision.policy, count: last.decision.candidates.length, revision: last.decision.revision }), ...last.decision.candidates.slice(0, 20).map(line)].join('\n')
}

function Endpoint({ tab, target }: { readonly tab: string; readonly target: Extract<Target, { kind: 'direct' }> }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const [text, setText] = useState(target.endpoints.join(', '))
  const endpoints = text.split(/[\s,]+/).filter((part) => part !== '')
  const wrong = endpoints.find((endpoint) => !/^(\[[0-9a-f:.]+\]|[^:\s]+):\d{1,5}$/i.test(endpoint))
  return (
    <input
      id="endpoint" className="field mono endpoint-field" aria-label={t('app.target.endpoint')} title={wrong === undefined ? t('app.target.endpointHint') : t('app.target.endpointWrong', { endpoint: wrong })} value={text}
      spellCheck={false} aria-invalid={wrong !== undefined || endpoints.length === 0}
      onChange={(event) => {
        setText(event.target.value)
        const next = event.target.value.split(/[\s,]+/).filter((part) => part !== '')
        if (next.length > 0) session.change(tab, { target: { ...target, endpoints: next } })
      }}
    />
  )
}

function MethodPicker({ tab, request }: Omit<Props, 'run'>): ReactElement {
  const { session, idl } = useStores()
  const actions = useActions()
  const { t } = useT()
  const services = useSlice(idl, (state) => state.value?.services)
  const choices = (services ?? []).flatMap((service) => service.methods.map((method) => ({ id: `${service.name}/${method.name}`, label: method.name, detail: service.name, ...(method.kind === 'unary' ? {} : { end: <span className="chip">{method.kind}</span> }) })))
  const [service, method] = request.method.includes('/') ? request.method.split('/') : ['', request.method]
  return (
    <Picker
      id="method" label={t('app.method')} choices={choices} selected={request.method} filterable placeholder={t('app.method.filter')} fill
      onChoose={(id) => {
        if (id === request.method) return
        session.change(tab, { method: id })
        session.update(tab, { title: id.split('/').at(-1) ?? id })
        void actions.fillExample(tab)
      }}
    >
      {service !== '' && <span className="dim truncate method-service">{service} /</span>}
      <strong className="truncate method-name">{method}</strong>
    </Picker>
  )
}

function Timeout({ tab, request }: Omit<Props, 'run'>): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const [editing, setEditing] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const isEditing = editing !== undefined
  useEffect(() => {
    if (isEditing) field.current?.select()
  }, [isEditing])
  const take = (): void => {
    const timeoutMs = parseDurationMs(editing ?? '')
    if (timeoutMs !== undefined) session.change(tab, { timeoutMs })
    setEditing(undefined)
  }
  if (isEditing) {
    return (
      <input
        ref={field} className="field timeout-field" aria-label={t('app.timeout')} value={editing} autoFocus onChange={(event) => setEditing(event.target.value)} onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          else if (event.key === 'Escape') {
            event.preventDefault()
            setEditing(undefined)
          }
        }}
      />
    )
  }
  return (
    <button id="timeout" type="button" className="picker" onClick={() => setEditing(`${request.timeoutMs} ms`)} title={t('app.timeout.hint')}>
      <span className="faint">{t('app.timeout')}</span> {request.timeoutMs === 0 ? t('app.timeout.none') : shortMs(request.timeoutMs)}
    </button>
  )
}

const shortMs = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000} s` : formatMs(ms))

/** `250`, `250ms`, `1.5 s`; undefined where it is none of these. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min)?\s*$/i.exec(text)
  if (match === null) return undefined
  const unit = (match[2] ?? 'ms').toLowerCase()
  return Number(match[1]) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}

const spinnerAfterMs = 200

function SendButton({ tab, run }: { readonly tab: string; readonly run: Run | undefined }): ReactElement {
  const actions = useActions()
  const { t } = useT()
  const { workspace } = useStores()
  const environment = useSlice(workspace, (state) => currentEnvironment(state.workspace))
  const running = run?.phase === 'running'
  const slow = useAfter(running, spinnerAfterMs)
  if (running && slow) {
    return <button id="send" type="button" className="button button-send button-cancel" onClick={() => actions.cancel(tab)}><span className="spinner" aria-hidden="true" />{t('app.cancel')}<KeyHint keys="escape" /></button>
  }
  return (
    <button id="send" type="button" className={`button button-send ${environment?.production === true ? 'button-production' : 'button-primary'}`} onClick={() => actions.send(tab)} aria-busy={running}>
      {environment?.production === true ? t('app.sendTo', { environment: environment.name }) : t('app.send')}
      <KeyHint keys="mod+enter" />
    </button>
  )
}

/** True once `on` has held for `ms`. */
function useAfter(on: boolean, ms: number): boolean {
  const [after, setAfter] = useState(false)
  useEffect(() => {
    if (!on) return undefined
    const timer = setTimeout(() => setAfter(true), ms)
    return () => {
      clearTimeout(timer)
      setAfter(false)
    }
  }, [on, ms])
  return after
}
