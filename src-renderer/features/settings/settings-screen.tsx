// Settings, few and each at once: language, theme, rows, editor, receiver, history. What runs is shown beside what is wanted.

import { useState, type ReactElement, type ReactNode } from 'react'
import type { ReceiverPort } from '../../../shared/model/trace.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useT } from '../../ui/translation.tsx'

const languages = ['auto', 'en', 'zh-CN'] as const
const themes = ['auto', 'light', 'dark'] as const

export function SettingsScreen(): ReactElement {
  const { preferences } = useStores()
  const { t } = useT()
  const settings = useSlice(preferences, (state) => state.settings)
  const info = useSlice(preferences, (state) => state.info)
  return (
    <section className="screen" aria-labelledby="settings-title">
      <header className="screen-head"><h1 id="settings-title">{t('app.activity.settings')}</h1></header>
      <div className="screen-body settings" data-pane="settings">
        <Setting label={t('app.settings.language')}><Segments label={t('app.settings.language')} value={settings.language} options={languages} word={(one) => (one === 'auto' ? t('app.settings.auto') : one === 'en' ? 'English' : '简体中文')} onChange={(language) => void preferences.change({ language })} /></Setting>
        <Setting label={t('app.settings.theme')}><Segments label={t('app.settings.theme')} value={settings.theme} options={themes} word={(one) => t(one === 'auto' ? 'app.settings.auto' : `app.settings.theme.${one}`)} onChange={(theme) => void preferences.change({ theme })} /></Setting>
        <Setting label={t('app.settings.rows')}><label className="form-switch"><input type="checkbox" checked={settings.compactRows} onChange={(event) => void preferences.change({ compactRows: event.target.checked })} />{t('app.settings.compact')}</label></Setting>
        <Setting label={t('app.settings.fontSize')}><NumberSetting label={t('app.settings.fontSize')} value={settings.editorFontSize} min={9} max={24} step={0.5} unit="px" onChange={(editorFontSize) => void preferences.change({ editorFontSize })} /></Setting>
        <Setting label={t('app.settings.historyLimit')}><NumberSetting label={t('app.settings.historyLimit')} value={settings.historyLimit} min={10} max={100_000} step={1} unit="" onChange={(historyLimit) => void preferences.change({ historyLimit })} /></Setting>
        <ReceiverSettings />
        <p className="faint caption settings-about">Kite Console {info.version} · {info.runtime}</p>
      </div>
    </section>
  )
}

function Setting({ label, children, hint }: { readonly label: string; readonly children: ReactNode; readonly hint?: string }): ReactElement {
  return (
    <div className="setting">
      <div className="setting-label">{label}{hint !== undefined && <p className="faint caption">{hint}</p>}</div>
      <div className="setting-value">{children}</div>
    </div>
  )
}

function ReceiverSettings(): ReactElement {
  const { preferences, receiver } = useStores()
  const { t } = useT()
  const settings = useSlice(preferences, (state) => state.settings)
  const status = useSlice(receiver, (state) => state.status)
  const running = status !== undefined && (status.grpc.state === 'listening' || status.http.state === 'listening')
  return (
    <>
      <Setting label={t('app.settings.grpcPort')}><NumberSetting label={t('app.settings.grpcPort')} value={settings.receiverGrpcPort} min={0} max={65535} step={1} unit="" onChange={(receiverGrpcPort) => void preferences.change({ receiverGrpcPort })} /> <PortState port={status?.grpc} onTake={(port) => void receiver.start(port, settings.receiverHttpPort)} /></Setting>
      <Setting label={t('app.settings.httpPort')}><NumberSetting label={t('app.settings.httpPort')} value={settings.receiverHttpPort} min={0} max={65535} step={1} unit="" onChange={(receiverHttpPort) => void preferences.change({ receiverHttpPort })} /> <PortState port={status?.http} onTake={(port) => void receiver.start(settings.receiverGrpcPort, port)} /></Setting>
      <Setting label={t('app.settings.receiver')}>
        {running ? <Button onClick={() => void receiver.stop()}>{t('app.receiver.stop')}</Button> : null}
        <Button onClick={() => void receiver.start(settings.receiverGrpcPort, settings.receiverHttpPort)}>{running ? t('app.receiver.restart') : t('app.receiver.start')}</Button>
      </Setting>
    </>
  )
}

function PortState({ port, onTake }: { readonly port: ReceiverPort | undefined; readonly onTake: (port: number) => void }): ReactElement | null {
  const { t } = useT()
  if (port === undefined) return null
  switch (port.state) {
    case 'listening': return <span className="ok caption">✓ {port.address}</span>
    case 'off': return <span className="faint caption">{t('app.receiver.isOff')}</span>
    case 'taken': return <><span className="warn caption">! {t('app.receiver.isTaken', { wanted: port.wanted })}</span><Button kind="link" onClick={() => onTake(port.next)}>{t('app.receiver.useNext', { next: port.next })}</Button></>
  }
}

interface NumberProps { readonly label: string; readonly value: number; readonly min: number; readonly max: number; readonly step: number; readonly unit: string; readonly onChange: (value: number) => void }

/** Taken when it is left or entered, so that half a number is never saved. */
function NumberSetting({ label, value, min, max, step, unit, onChange }: NumberProps): ReactElement {
  const [text, setText] = useState<string>()
  const take = (): void => {
    const next = Number(text)
    if (text !== undefined && text.trim() !== '' && Number.isFinite(next) && next >= min && next <= max && next !== value) onChange(next)
    setText(undefined)
  }
  return (
    <span className="number-field">
      <input
        className="field" type="number" aria-label={label} min={min} max={max} step={step} value={text ?? value} onChange={(event) => setText(event.target.value)} onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
        }}
      />
      {unit !== '' && <span className="faint">{unit}</span>}
    </span>
  )
}
