// `?`: every key on one sheet, read from the commands themselves and the few keys that lists have.

import { useEffect, useRef, type ReactElement } from 'react'
import { KeyHint } from '../ui/key-hint.tsx'
import { Modal } from '../ui/modal.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'

const listKeys = [
  { label: 'app.keys.rows', keys: ['j', 'k', 'up', 'down'] },
  { label: 'app.keys.fold', keys: ['h', 'l'] },
  { label: 'app.keys.menu', keys: ['shift+f10'] },
  { label: 'app.keys.matches', keys: ['f', 'b'] },
  { label: 'app.keys.zoom', keys: ['+', '-', '0'] },
  { label: 'app.keys.attempts', keys: ['[', ']'] },
  { label: 'app.keys.cancel', keys: ['escape'] },
] as const

export function KeySheet(): ReactElement {
  const { commands, overlay } = useFrame()
  const { t } = useT()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <Modal label={t('app.command.keys')} className="key-sheet" onClose={overlay.close}>
      <div ref={box} tabIndex={-1} className="key-sheet-body">
        <h2>{t('app.command.keys')}</h2>
        <dl>
          {commands.flatMap(({ id, label, keys }) => (keys === undefined || keys.length === 0 ? [] : [<KeyLine key={id} label={t(label)} keys={keys} />]))}
          {listKeys.map(({ label, keys }) => <KeyLine key={label} label={t(label)} keys={keys} />)}
        </dl>
      </div>
    </Modal>
  )
}

const KeyLine = ({ label, keys }: { readonly label: string; readonly keys: readonly string[] }): ReactElement => (
  <div className="key-line">
    <dt>{label}</dt>
    <dd>{keys.map((one) => <KeyHint key={one} keys={one} />)}</dd>
  </div>
)
