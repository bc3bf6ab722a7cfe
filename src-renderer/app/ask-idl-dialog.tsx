// Asks for the address of a gRPC server that tells its IDL by reflection. What the server answers stands here, so that the address can be mended;
// a server without reflection is said to be one, with the next step.

import { useState, type ReactElement } from 'react'
import type { ErrorData } from '../../shared/base/error.ts'
import type { TlsTrust } from '../../shared/logic/reflection-path.ts'
import type { CallRequest } from '../../shared/model/call.ts'
import { activeTab } from '../store/session.ts'
import { useStores } from '../store/stores.ts'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/form.tsx'
import { Modal } from '../ui/modal.tsx'
import { Pending } from '../ui/states.tsx'
import { useT } from '../ui/translation.tsx'
import { windowHint } from '../ui/window-hints.ts'
import { useFrame } from './app-context.ts'

export function AskIdlDialog(): ReactElement {
  const { overlay } = useFrame()
  const { workspace, session, notices } = useStores()
  const { t, text } = useT()
  const front = activeTab(session.store.getState())?.request
  const [address, setAddress] = useState(() => addressOf(front) ?? '')
  const [secure, setSecure] = useState(front?.tls !== undefined)
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<ErrorData>()
  const clean = address.trim().replace(/^[a-z+-]+:\/\//, '')
  // The tab's trust is for the server that the tab calls, its certificate's name above all.
  const trust: TlsTrust | undefined = secure ? trustOf(clean === addressOf(front) ? front?.tls : undefined) : undefined
  const ask = async (): Promise<void> => {
    if (clean === '' || asking) return
    setAsking(true)
    setError(undefined)
    const answer = await workspace.addServerIdl(clean, trust)
    setAsking(false)
    if (!answer.ok) return setError(answer.error)
    overlay.close()
    notices.say({ key: 'app.askIdl.added', params: { address: clean } })
  }
  return (
    <Modal label={t('app.command.askIdl')} className="dialog" onClose={overlay.close}>
      <form
        aria-busy={asking}
        onSubmit={(event) => {
          event.preventDefault()
          void ask()
        }}
      >
        <h2>{t('app.command.askIdl')}</h2>
        <label htmlFor="ask-idl-address">{t('app.askIdl.address')}</label>
        <input
          id="ask-idl-address" className="field mono" autoFocus value={address} placeholder="127.0.0.1:50051" spellCheck={false} aria-describedby="ask-idl-hint" aria-invalid={error !== undefined}
          onChange={(event) => {
            setAddress(event.target.value)
            if (/^\s*(?:grpcs|https):\/\//i.test(event.target.value)) setSecure(true)
          }}
          onFocus={(event) => event.target.select()}
        />
        <Switch label={t('app.askIdl.tls')} on={secure} onChange={setSecure} />
        {trust !== undefined && <p className="dim caption">{trust.insecure ? t('app.askIdl.byNobody') : trust.caFile === undefined ? t('app.askIdl.bySystem') : t('app.askIdl.byFile', { file: trust.caFile })}</p>}
        {secure && clean === addressOf(front) && front?.tls?.certFile !== undefined && <p className="warn caption" role="note">{t('app.askIdl.noCertificate')}</p>}
        <p id="ask-idl-hint" className="dim caption">{t('app.askIdl.hint')}</p>
        {error !== undefined && <p className="fail text" role="alert">{text(error.text)} {error.hint !== undefined && <span className="dim">{text(windowHint(error.hint))}</span>}</p>}
        {asking && <Pending label={t('app.askIdl.asking', { address: clean })} />}
        <div className="dialog-actions">
          <Button onClick={overlay.close}>{t('app.cancel')}</Button>
          <button type="submit" className="button button-primary" disabled={clean === '' || asking}>{t('app.askIdl.ask')}</button>
        </div>
      </form>
    </Modal>
  )
}

/** What the tab in front calls is likely meant. */
const addressOf = (front: CallRequest | undefined): string | undefined => (front?.target.kind === 'direct' ? front.target.endpoints[0] : undefined)

/** As the tab in front trusts; a client certificate does not stand in a workspace's list of IDLs. */
const trustOf = ({ caFile, serverName, insecure }: TlsTrust = { insecure: false }): TlsTrust => ({
  insecure, ...(caFile === undefined ? {} : { caFile }), ...(serverName === undefined ? {} : { serverName }),
})
