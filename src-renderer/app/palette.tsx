// One field over methods, services, saved calls, history and commands. Ctrl-K opens it on everything, Ctrl-P on methods.

import { useMemo, type ReactElement } from 'react'
import { formatDuration } from '../../shared/logic/format.ts'
import { registryNameOf } from '../../shared/logic/match-service.ts'
import { useActions } from '../store/actions.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import type { Choice } from '../ui/choice-list.tsx'
import { ChoiceList } from '../ui/choice-list.tsx'
import { KeyHint } from '../ui/key-hint.tsx'
import { Modal } from '../ui/modal.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'

interface Entry extends Choice { readonly run: () => void }

const offeredHistory = 50

export function Palette({ mode }: { readonly mode: 'everything' | 'methods' }): ReactElement {
  const { overlay } = useFrame()
  const { t } = useT()
  const methods = useMethodEntries()
  const others = useOtherEntries()
  const entries = mode === 'methods' ? methods : [...methods, ...others]
  const label = mode === 'methods' ? t('app.palette.methods') : t('app.palette.placeholder')
  return (
    <Modal label={label} className="palette" onClose={overlay.close}>
      <ChoiceList
        label={label} placeholder={label} choices={entries} filterable emptyText={t('app.noMatch')} rowHeight={28} maxHeight={420} onCancel={overlay.close}
        onChoose={(id) => {
          overlay.close()
          entries.find((entry) => entry.id === id)?.run()
        }}
      />
    </Modal>
  )
}

function useMethodEntries(): readonly Entry[] {
  const { idl, registry, workspace } = useStores()
  const actions = useActions()
  const services = useSlice(idl, (state) => state.value?.services)
  const view = useSlice(registry, (state) => state.value)
  const told = useSlice(workspace, (state) => state.workspace.services)
  return useMemo(() => {
    const names = view?.services.map(({ service }) => service) ?? []
    return (services ?? []).flatMap((service) => service.methods.map((method) => ({
      id: `method:${service.name}/${method.name}`, label: method.name, start: <span className="method-mark" aria-hidden="true">ƒ</span>,
      detail: [service.name, registryNameOf(service.name, names, services ?? [], told)].filter((part) => part !== undefined).join(' · '),
      run: () => void actions.openMethod(`${service.name}/${method.name}`),
    })))
  }, [services, view, told, actions])
}

function useOtherEntries(): readonly Entry[] {
  const { workspace, history } = useStores()
  const { commands } = useFrame()
  const actions = useActions()
  const { t } = useT()
  const calls = useSlice(workspace, (state) => state.workspace.calls)
  const idls = useSlice(workspace, (state) => state.workspace.idl.paths)
  const entries = useSlice(history, (state) => state.entries)
  return useMemo(() => [
    ...commands.filter(({ id }) => id !== 'palette').map((command) => ({
      id: `command:${command.id}`, label: t(command.label), detail: t('app.palette.command'), keywords: `${command.pinyin} ${command.id}`, run: command.run,
      end: command.keys?.[0] === undefined ? undefined : <KeyHint keys={command.keys[0]} />,
    })),
    ...calls.map(({ path, name }) => ({ id: `saved:${path}`, label: name, detail: t('app.palette.saved', { path }), run: () => actions.openSaved(path) })),
    ...idls.map((path) => ({ id: `idl:${path}`, label: t('app.palette.removeIdl', { path }), detail: t('app.palette.command'), run: () => void workspace.removeIdl(path) })),
    ...entries.slice(0, offeredHistory).map((entry) => ({
      id: `history:${entry.id}`, label: entry.method, detail: t('app.palette.history'), end: formatDuration(entry.durationNs), run: () => void actions.openRecord(entry.id),
    })),
  ], [commands, calls, idls, entries, actions, workspace, t])
}
