// What a mock needs to start: which IDL service, where to listen, a stub file if there is one, and whether to register.

import { useState, type ReactElement } from 'react'
import type { ErrorData } from '../../../shared/base/error.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { currentRegistry } from '../../store/workspace.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'

export function StartForm(): ReactElement {
  const stores = useStores()
  const actions = useActions()
  const { t, error: wordError } = useT()
  const services = useSlice(stores.idl, (state) => state.value?.services)
  const idl = useSlice(stores.workspace, (state) => state.workspace.idl)
  const registry = useSlice(stores.workspace, (state) => currentRegistry(state.workspace))
  const starting = useSlice(stores.mocks, (state) => state.starting)
  const [service, setService] = useState('')
  const [listen, setListen] = useState('127.0.0.1:0')
  const [stubFile, setStubFile] = useState('')
  const [register, setRegister] = useState(false)
  const [registerAs, setRegisterAs] = useState('')
  const [error, setError] = useState<ErrorData>()
  const ready = idl.paths.length > 0 && (services?.length ?? 0) > 0
  const start = async (): Promise<void> => {
    setError(undefined)
    const result = await stores.mocks.start({
      idl: { paths: [...idl.paths], includeDirs: [...idl.includeDirs] }, listen, ...(service === '' ? {} : { service }), ...(stubFile.trim() === '' ? {} : { stubFile: stubFile.trim() }),
      ...(register && registry !== undefined ? { register: registry, ...(registerAs.trim() === '' ? {} : { registerAs: registerAs.trim() }) } : {}),
    })
    if (!result.ok) setError(result.error)
  }
  return (
    <form
      className="start-form" aria-label={t('app.mocks.start')}
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <label>{t('app.mocks.service')}
        <select className="field" value={service} onChange={(event) => setService(event.target.value)}>
          <option value="">{t('app.mocks.allServices')}</option>
          {(services ?? []).map(({ name }) => <option key={name} value={name}>{name}</option>)}
        </select>
      </label>
      <label>{t('app.mocks.listen')}<input className="field mono" value={listen} spellCheck={false} onChange={(event) => setListen(event.target.value)} /></label>
      <label>{t('app.mocks.stubFile')}<input className="field mono" value={stubFile} placeholder={t('app.mocks.stubFileHint')} spellCheck={false} onChange={(event) => setStubFile(event.target.value)} /></label>
      {registry !== undefined && <label className="form-switch"><input type="checkbox" checked={register} onChange={(event) => setRegister(event.target.checked)} />{t('app.mocks.register', { registry })}</label>}
      {register && registry !== undefined && <label>{t('app.mocks.registerAs')}<input className="field mono" value={registerAs} placeholder={service.toLowerCase()} spellCheck={false} onChange={(event) => setRegisterAs(event.target.value)} /></label>}
      {!ready && <p className="dim caption">{t('app.mocks.needsIdl')}</p>}
      <div className="dialog-actions"><Button kind="primary" disabled={!ready || starting} onClick={() => void start()}>{t('app.mocks.start')}</Button></div>
      {error !== undefined && <ErrorState error={error} onCopy={() => void actions.copy(wordError(error))} />}
    </form>
  )
}
