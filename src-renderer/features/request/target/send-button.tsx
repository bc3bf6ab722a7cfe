// Send, or Cancel once a call takes long enough to want it.

import { useEffect, useState, type ReactElement } from 'react'
import { useActions } from '../../../store/actions.ts'
import type { Run } from '../../../store/runs.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { currentEnvironment } from '../../../store/workspace.ts'
import { KeyHint } from '../../../ui/key-hint.tsx'
import { useT } from '../../../ui/translation.tsx'

const spinnerAfterMs = 200

export function SendButton({ tab, run }: { readonly tab: string; readonly run: Run | undefined }): ReactElement {
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
