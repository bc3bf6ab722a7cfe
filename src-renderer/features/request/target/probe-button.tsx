// Asks the address what it speaks, and shows the answer with its evidence; what fits the method can be chosen from there.

import { PopoverNext } from '@blueprintjs/core'
import { useMemo, useState, type ReactElement } from 'react'
import type { CallRequest } from '../../../../shared/model/call.ts'
import type { ProbeFinding, ProbeReport } from '../../../../shared/model/probe.ts'
import { protocolsFor } from '../../../../shared/model/protocol.ts'
import { findMethod } from '../../../store/actions.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { useT } from '../../../ui/translation.tsx'
import { calleeOf } from '../protocol-choices.ts'
import { codecLabel, transportLabel } from '../transport-label.ts'

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
    void probes.run(endpoint, found?.method.name)
  }
  return (
    <PopoverNext
      isOpen={open && endpoint !== undefined} onInteraction={setOpen} placement="bottom-start" arrow={false} animation="minimal" transitionDuration={0} shouldReturnFocusOnClose popoverClassName="picker-popover"
      content={(
        <section className="probe-view" aria-label={t('app.probe')} aria-busy={probe?.phase === 'running'}>
          <header className="probe-head"><strong className="mono truncate">{endpoint}</strong><span className="faint">{probe?.report === undefined ? t('app.probe.running') : t('app.probe.took', { ms: Math.round(probe.report.tookMs) })}</span></header>
          {probe?.error !== undefined && <p className="fail" role="alert">{error(probe.error)}</p>}
          {probe?.report !== undefined && <Report tab={tab} request={request} report={probe.report} onChosen={() => setOpen(false)} />}
          <footer className="probe-foot"><Button kind="link" onClick={ask}>{t('app.probe.again')}</Button></footer>
        </section>
      )}
      renderTarget={({ ref, className }) => (
        <span ref={ref} className={className}><IconButton icon="probe" label={t('app.probe.ask')} onClick={ask} disabled={endpoint === undefined} /></span>
      )}
    />
  )
}

function Report({ tab, request, report, onChosen }: { readonly tab: string; readonly request: CallRequest; readonly report: ProbeReport; readonly onChosen: () => void }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const spoken = report.findings.filter(({ verdict }) => verdict !== 'no')
  const others = report.findings.filter(({ verdict }) => verdict === 'no')
  const best = useBest(request, report)
  return (
    <>
      {spoken.length === 0 && <p className="faint">{report.foreign === undefined ? t('app.probe.nothing') : t('app.probe.foreign', { name: report.foreign.name, evidence: report.foreign.evidence })}</p>}
      {spoken.length > 0 && <ul className="probe-list">{spoken.map((finding) => <Row key={finding.subject} finding={finding} />)}</ul>}
      {others.length > 0 && (
        <details>
          <summary className="faint">{t('app.probe.others', { count: others.length })}</summary>
          <ul className="probe-list">{others.map((finding) => <Row key={finding.subject} finding={finding} />)}</ul>
        </details>
      )}
      {best !== undefined && (
        <Button
          kind="primary"
          onClick={() => {
            session.change(tab, { transport: best.transport, codec: best.codec ?? 'auto' })
            onChosen()
          }}
        >
          {t('app.probe.use', { protocol: `${transportLabel(best.transport, t)}${best.codec === undefined ? '' : ` · ${codecLabel(best.codec)}`}` })}
        </Button>
      )}
    </>
  )
}

/** What was found, where it can carry the method of this tab. */
function useBest(request: CallRequest, { best }: ProbeReport): ProbeReport['best'] {
  const { idl } = useStores()
  const set = useSlice(idl, (state) => state.value)
  const { language, kind } = calleeOf(request, findMethod(set, request.method))
  return best !== undefined && protocolsFor(language, kind).some(({ transport }) => transport === best.transport) ? best : undefined
}

const marks = { yes: '✓', likely: '~', no: '–' } as const

function Row({ finding: { subject, verdict, evidence } }: { readonly finding: ProbeFinding }): ReactElement {
  const { t, text } = useT()
  return (
    <li className="probe-row">
      <span className={verdict === 'no' ? 'faint' : 'ok'} title={t(`probe.verdict.${verdict}`)}><span aria-hidden="true">{marks[verdict]}</span><span className="visually-hidden">{t(`probe.verdict.${verdict}`)}</span></span>
      <strong className="mono">{subject}</strong>
      <span className="dim">{text(evidence)}</span>
    </li>
  )
}
