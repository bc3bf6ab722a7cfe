// Messages at the bottom right, read out politely; failures stay until dismissed.

import type { ReactElement } from 'react'
import { useActions } from '../store/actions.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { useT } from '../ui/translation.tsx'

export function NoticesView(): ReactElement {
  const { notices: store } = useStores()
  const actions = useActions()
  const { t, text, error: wordError } = useT()
  const notices = useSlice(store, (state) => state.notices)
  return (
    <div className="notices" role="log" aria-live="polite" aria-label={t('app.notices')}>
      {notices.map(({ id, text: said, error, undo }) => (
        <div key={id} className={`notice ${error === undefined ? '' : 'notice-fail'}`}>
          <span className="notice-text text">{error === undefined ? text(said) : wordError(error)}</span>
          {undo !== undefined && (
            <Button
              kind="link"
              onClick={() => {
                undo()
                store.dismiss(id)
              }}
            >
              {t('app.undo')}
            </Button>
          )}
          {error !== undefined && <IconButton icon="copy" label={t('app.error.copy')} onClick={() => void actions.copy(wordError(error))} />}
          <IconButton icon="close" label={t('app.dismiss')} onClick={() => store.dismiss(id)} />
        </div>
      ))}
    </div>
  )
}
