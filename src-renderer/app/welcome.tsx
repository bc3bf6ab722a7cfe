// What a stranger sees first: three steps in order, and the demo that has all of them done.

import type { ReactElement } from 'react'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { Button } from '../ui/button.tsx'
import { KeyHint } from '../ui/key-hint.tsx'
import { Pending } from '../ui/states.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'

export function Welcome(): ReactElement {
  const stores = useStores()
  const { overlay } = useFrame()
  const { t } = useT()
  const busy = useSlice(stores.workspace, (state) => state.busy)
  const services = useSlice(stores.idl, (state) => state.value?.services.length ?? 0)
  const methods = useSlice(stores.idl, (state) => state.value?.services.reduce((sum, service) => sum + service.methods.length, 0) ?? 0)
  const known = useSlice(stores.registry, (state) => state.value?.services.length ?? 0)
  const registry = useSlice(stores.registry, (state) => state.value)
  const host = useSlice(stores.preferences, (state) => state.info.host)
  return (
    <div className="welcome">
      <h1>{t('app.welcome.title')}</h1>
      <ol className="steps">
        <Step done={services > 0} number={1} title={t('app.welcome.idl')} body={services > 0 ? t('app.welcome.idlDone', { services, methods }) : host === 'page' ? t('app.welcome.idlPage') : t('app.welcome.idlBody')}>
          {host === 'electron' && <Button kind={services > 0 ? 'plain' : 'primary'} onClick={() => void stores.workspace.pickIdl()}>{t('app.command.openIdl')}</Button>}
          {host === 'electron' && <Button onClick={() => void stores.workspace.openFolder()}>{t('app.command.openFolder')}</Button>}
          {host === 'page' && <IdlFileInput />}
          <Button onClick={() => overlay.open({ kind: 'ask-idl' })}>{t('app.command.askIdl')}</Button>
        </Step>
        <Step done={known > 0} number={2} title={t('app.welcome.target')} body={known > 0 ? t('app.welcome.targetDone', { count: known, origin: registry?.origin ?? '' }) : t('app.welcome.targetBody')} />
        <Step done={false} number={3} title={t('app.welcome.send')} body={t('app.welcome.sendBody')}>
          <Button kind={services > 0 ? 'primary' : 'plain'} disabled={services === 0} onClick={() => overlay.open({ kind: 'palette', mode: 'methods' })}>{t('app.command.methods')} <KeyHint keys="mod+p" /></Button>
        </Step>
      </ol>
      <div className="welcome-demo">
        <p className="dim">{t('app.welcome.demo')}</p>
        <Button disabled={busy !== undefined} onClick={() => void stores.workspace.openDemo()}>{t('app.command.openDemo')}</Button>
        {busy === 'demo' && <Pending label={t('app.welcome.demoStarting')} />}
      </div>
    </div>
  )
}

function Step({ done, number, title, body, children }: { readonly done: boolean; readonly number: number; readonly title: string; readonly body: string; readonly children?: React.ReactNode }): ReactElement {
  return (
    <li className={`step ${done ? 'step-done' : ''}`}>
      <span className="step-number" aria-hidden="true">{done ? '✓' : number}</span>
      <div>
        <h2>{title}</h2>
        <p className="dim">{body}</p>
        {children !== undefined && <div className="step-actions">{children}</div>}
      </div>
    </li>
  )
}

/** A page has no system dialog of the engine's machine: files come as text. */
function IdlFileInput(): ReactElement {
  const { workspace } = useStores()
  const { t } = useT()
  return (
    <label className="button button-primary file-button">
      {t('app.command.openIdl')}
      <input
        type="file" multiple accept=".thrift,.proto" className="visually-hidden"
        onChange={(event) => void workspace.addFiles([...(event.target.files ?? [])].map((file) => ({ name: file.name, path: undefined, text: () => file.text() })))}
      />
    </label>
  )
}
