// Asks for the name under which a request is saved in the workspace; a taken name is said at once, and the button names what it does.

import { useState, type ReactElement } from 'react'
import { useActions } from '../store/actions.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'

export function SaveDialog({ tab }: { readonly tab: string }): ReactElement {
  const { overlay } = useFrame()
  const stores = useStores()
  const actions = useActions()
  const { t } = useT()
  const draft = stores.session.store.getState().tabs.find(({ id }) => id === tab)
  const calls = useSlice(stores.workspace, (state) => state.workspace.calls)
  const [path, setPath] = useState(draft === undefined ? '' : suggestedPath(draft.request.method))
  const clean = path.trim().replace(/^\/+|\/+$/g, '')
  const taken = calls.some((call) => call.path === clean)
  const save = async (): Promise<void> => {
    if (clean !== '' && (await actions.save(tab, clean, taken))) overlay.close()
  }
  return (
    <Modal label={t('app.command.save')} className="dialog" onClose={overlay.close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <h2>{t('app.command.save')}</h2>
        <label htmlFor="save-path">{t('app.save.path')}</label>
        <input id="save-path" className="field" autoFocus value={path} spellCheck={false} onChange={(event) => setPath(event.target.value)} onFocus={(event) => event.target.select()} aria-describedby="save-hint" />
        <p id="save-hint" className={taken ? 'warn caption' : 'dim caption'}>{taken ? t('app.save.taken', { path: clean }) : t('app.save.hint', { file: `calls/${clean}.kite.json` })}</p>
        <div className="dialog-actions">
          <Button onClick={overlay.close}>{t('app.cancel')}</Button>
          <Button kind="primary" disabled={clean === ''} onClick={() => void save()}>{taken ? t('app.save.replace') : t('app.save')}</Button>
        </div>
      </form>
    </Modal>
  )
}

/** A saved call is a file: what no file name may hold becomes a dash. */
const suggestedPath = (method: string): string => method.toLowerCase().replace(/[<>:"|?*\\\s]+/g, '-').replace(/-*\/[-/]*/g, '/').replace(/^[-/]+|[-/]+$/g, '')
