// Asks the address what it speaks, and shows the answer with its evidence; what fits the method can be chosen from there.

import { PopoverNext } from '@blueprintjs/core'
import { useMemo, useState, type ReactElement } from 'react'
import { formatMs } from '../../../../shared/logic/format.ts'
import type { CallRequest } from '../../../../shared/model/call.ts'
import type { ProbeFinding, ProbeReport } from '../../../../shared/model/probe.ts'
import { findMethod } from '../../../store/actions.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { useT } from '../../../ui/translation.tsx'
import { calleeOf, fitting, withProtocol } from '../protocol-choices.ts'
import { codecLabel, subjectLabel, transportLabel } from '../transport-label.ts'

interface Props {
  readonly tab: string
  readonly request: CallRequest
  /** Undefined while what is typed is no address. */
  readonly endpoint: string | undefined
}

export function ProbeButton({ tab, request, endpoint }: Props): ReactElement {
  const { probes, idl } = useStores()
  const { t, error } = useT()
  const [open, setOpen] = useState(false)
  const set = useSlice(idl, (state) => state.value)
  const found = useMemo(() => findMethod(set, request.method), [set, request.method])
  const probe = useSlice(probes, (state) => (endpoint === undefined ? undefined : state.byAddress[endpoint]))
  const ask = (): void => {
    if (endpoint === undefined) return
    setOpen(true)
    void probes.run(endpoint, found?.method.name, request.tls)
  }
  return (
    <PopoverNext
      isOpen={open && endpoint !== undefined} onInteraction={setOpen} placement="bottom-start" arrow={false} animation="minimal" transitionDuration={0} shouldReturnFocusOnClose popoverClassName="picker-popover"
      content={(
        <section className="probe-view" aria-label={t('app.probe')} aria-busy={probe?.phase === 'running'}>
          <header className="probe-head"><strong className="mono truncate">{endpoint}</strong>{probe?.report !== undefined && <span className="faint">{formatMs(probe.report.tookMs)}</span>}</header>
          {probe?.phase === 'running' && <p className="pending" role="status"><span className="spinner" aria-hidden="true" />{t('app.probe.running')}</p>}
          {probe?.error !== undefined && <p className="fail" role="alert">{error(probe.error)}</p>}
          {probe?.report !== undefined && <Findings report={probe.report} />}
          {probe?.phase === 'done' && (
            <footer className="probe-foot">
              {probe.report !== undefined && <Use tab={tab} request={request} report={probe.report} onChosen={() => setOpen(false)} />}
              <Button kind="link" onClick={ask}>{t('app.probe.again')}</Button>
            </footer>
          )}
        </section>
      )}
      renderTarget={({ ref, className }) => (
        <span ref={ref} className={className}><IconButton icon="probe" label={t('app.probe.ask')} onClick={open ? () => setOpen(false) : ask} disabled={endpoint === undefined} expanded={open} /></span>
      )}
    />
  )
}

function Findings({ report: { findings, foreign } }: { readonly report: ProbeReport }): ReactElement {
  const { t } = useT()
  const spoken = findings.filter(({ verdict }) => verdict !== 'no')
  const others = findings.filter(({ verdict }) => verdict === 'no')
  return (
    <>
      {spoken.length === 0 && <p>{foreign === undefined ? t('app.probe.nothing') : t('app.probe.foreign', { name: foreign.name, evidence: foreign.evidence })}</p>}
      {spoken.length > 0 && <ul className="probe-list">{spoken.map((finding) => <Row key={finding.subject} finding={finding} />)}</ul>}
      {others.length > 0 && (
        <details>
          <summary className="faint">{t('app.probe.others', { count: others.length })}</summary>
          <ul className="probe-list">{others.map((finding) => <Row key={finding.subject} finding={finding} />)}</ul>
        </details>
      )}
    </>
  )
}

/** Takes over what was found, TLS too; or says why what was found cannot carry this method. */
function Use({ tab, request, report, onChosen }: { readonly tab: string; readonly request: CallRequest; readonly report: ProbeReport; readonly onChosen: () => void }): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const set = useSlice(idl, (state) => state.value)
  const callee = useMemo(() => calleeOf(request, findMethod(set, request.method)), [request, set])
  const found = fitting(report, callee)
  if (found === undefined) return <span className="faint">{report.best === undefined ? '' : t('app.probe.cannotCarry', { protocol: transportLabel(report.best.transport, t) })}</span>
  const { transport, codec, tls } = found
  const words = [transportLabel(transport, t), ...(codec === 'auto' ? [] : [codecLabel(codec)]), ...(tls ? ['TLS'] : [])].join(' · ')
  return (
    <Button
      kind="primary"
      onClick={() => {
        session.replace(tab, withProtocol(request, found))
        onChosen()
      }}
    >
      {t('app.probe.use', { protocol: words })}
    </Button>
  )
}

const marks = { yes: '✓', likely: '~', no: '–' } as const

function Row({ finding: { subject, verdict, evidence } }: { readonly finding: ProbeFinding }): ReactElement {
  const { t, text } = useT()
  return (
    <li className="probe-row">
      <span className={verdict === 'no' ? 'faint' : 'ok'} title={t(`probe.verdict.${verdict}`)}><span aria-hidden="true">{marks[verdict]}</span><span className="visually-hidden">{t(`probe.verdict.${verdict}`)}</span></span>
      <strong>{subjectLabel(subject, t)}</strong>
      <span className="dim">{text(evidence)}</span>
    </li>
  )
}
