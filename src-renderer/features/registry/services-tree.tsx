// The services of the explorer: what the registry knows, joined with what the IDL says can be called.

import { useEffect, useMemo, useState, type ReactElement } from 'react'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Chip, StatusDot, type Health } from '../../ui/badge.tsx'
import { QualifiedName } from '../../ui/qualified-name.tsx'
import type { MenuEntry } from '../../ui/menu.tsx'
import { Tree, type TreeRow } from '../../ui/tree.tsx'
import { useT } from '../../ui/translation.tsx'
import type { Translator } from '../../../shared/i18n/translate.ts'
import type { ServiceSnapshot } from '../../../shared/model/instance.ts'
import { instanceSummary, serviceRows, type ServiceRow } from './tree.ts'

export function ServicesTree({ filter, rowHeight }: { readonly filter: string; readonly rowHeight: number }): ReactElement {
  const stores = useStores()
  const actions = useActions()
  const translator = useT()
  const view = useSlice(stores.registry, (state) => state.value)
  const idl = useSlice(stores.idl, (state) => state.value)
  const told = useSlice(stores.workspace, (state) => state.workspace.services)
  const shown = useSlice(stores.session, ({ tabs, active }) => {
    const request = tabs.find((tab) => tab.id === active)?.request
    return request === undefined ? undefined : `${request.target.kind === 'service' ? request.target.service : ''}:${request.method}`
  })
  const [folded, setFolded] = useState<Readonly<Record<string, boolean>>>({})
  const [chosen, setChosen] = useState<string>()
  const revealed = shown?.slice(shown.indexOf(':') + 1).split('/')[0]
  const rows = useMemo(() => serviceRows({ view, idl, told, folded, filter, revealed }), [view, idl, told, folded, filter, revealed])
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows])
  // The method of the tab that is on is marked until another row is chosen.
  const shownRow = rows.find((row) => row.kind === 'method' && `${row.registryName ?? ''}:${row.service.name}/${row.method.name}` === shown)?.id
  // A row that was chosen is left behind when another tab comes to the front.
  useEffect(() => setChosen(undefined), [shown])
  const open = (row: ServiceRow | undefined): void => {
    if (row?.kind === 'method') void actions.openMethod(`${row.service.name}/${row.method.name}`, row.registryName)
  }
  return (
    <Tree
      id="services-tree" label={translator.t('app.explorer.services')} rowHeight={rowHeight} rows={rows.map((row) => viewOf(row, translator, row.id === shownRow))}
      active={chosen !== undefined && byId.has(chosen) ? chosen : shownRow} onActive={setChosen} onActivate={(id) => open(byId.get(id))}
      onToggle={(id, isOpen) => setFolded((before) => ({ ...before, [id]: isOpen }))} menuOf={(id) => menuOf(byId.get(id), translator, actions)}
    />
  )
}

function menuOf(row: ServiceRow | undefined, { t }: Translator, actions: ReturnType<typeof useActions>): readonly MenuEntry[] {
  switch (row?.kind) {
    case 'method': {
      const method = `${row.service.name}/${row.method.name}`
      return [
        { label: t('app.menu.open'), keys: 'enter', run: () => void actions.openMethod(method, row.registryName) },
        { label: t('app.menu.openAnother'), run: () => void actions.openAnother(method, row.registryName) },
        'divider',
        { label: t('app.menu.copyName'), run: () => void actions.copy(method) },
      ]
    }
    case 'instance':
      return [{ label: t('app.menu.copyAddress'), run: () => void actions.copy(row.instance.address) }]
    case 'service':
      return [{ label: t('app.menu.copyName'), run: () => void actions.copy(row.snapshot.service) }]
    case 'idl':
      return [{ label: t('app.menu.copyName'), run: () => void actions.copy(row.service.name) }]
    default:
      return []
  }
}

function viewOf(row: ServiceRow, translator: Translator, shown: boolean): TreeRow {
  const { t } = translator
  const base = { id: row.id, level: row.level }
  switch (row.kind) {
    case 'service':
      return {
        ...base, open: row.open, title: row.snapshot.service, content: <strong className="truncate">{row.snapshot.service}</strong>,
        end: <>{row.snapshot.instances.length} <StatusDot health={healthOf(row.snapshot)} label={healthText(row.snapshot, translator)} /></>,
      }
    case 'idl':
      return { ...base, open: row.open, title: `${row.service.name}\n${row.service.file}`, content: <QualifiedName name={row.service.name} />, ...(row.registered ? {} : { end: <span className="faint">IDL</span> }) }
    case 'method':
      return {
        ...base, title: row.method.doc ?? row.method.name, className: shown ? 'tree-row-shown' : '',
        content: <><span className="method-mark" aria-hidden="true">ƒ</span><span className="truncate">{row.method.name}</span>{row.method.kind !== 'unary' && <Chip>{row.method.kind}</Chip>}</>,
      }
    case 'instances':
      return { ...base, open: row.open, content: <span>{t('app.explorer.instances')}</span> }
    case 'instance':
      return {
        ...base, title: `${row.instance.address} ${Object.entries(row.instance.tags).map(([key, value]) => `${key}=${value}`).join(' ')}`,
        content: <><StatusDot health={healthOf(row.snapshot)} label={healthText(row.snapshot, translator)} /><span className="instance-address truncate">{row.instance.address}</span></>,
        end: <span className="instance-end">{instanceSummary(row.instance)}</span>,
      }
    case 'no-idl':
      return { ...base, content: <span className="faint truncate">{t('app.explorer.noIdl')}</span> }
  }
}

export function healthOf({ state, instances }: ServiceSnapshot): Health {
  if (state === 'failed') return 'fail'
  return state === 'live' && instances.length > 0 ? 'ok' : 'warn'
}

export const healthText = (snapshot: ServiceSnapshot, { t }: Translator): string =>
  snapshot.state === 'live' && snapshot.instances.length === 0 ? t('app.health.empty') : t(`app.health.${snapshot.state}`)
