// What a user does across stores: open a method, send it, save it, reopen a call. Views and commands call these and nothing lower.

import type { CallRecord, CallRequest } from '../../shared/model/call.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../shared/model/idl.ts'
import type { Draft } from '../../shared/model/workspace.ts'
import { formatBytes } from '../../shared/logic/format.ts'
import { methodFileName, methodTitle } from '../../shared/logic/method-title.ts'
import { registryNameOf } from '../../shared/logic/match-service.ts'
import type { Platform } from '../platform/client.ts'
import type { RunsStore } from './runs.ts'
import { newRequest, requestToSend, targetFor, withTimeFor } from './requests.ts'
import { activeTab } from './session.ts'
import { savePieces } from './save-pieces.ts'
import type { Stores } from './stores.ts'
import { requiredContext } from './state.ts'

export interface Actions {
  /** Shows a clean tab that already holds the method, else a new one with an example body. */
  openMethod(method: string, registryName?: string): Promise<void>
  /** A new tab on the method even when another holds it. */
  openAnother(method: string, registryName?: string): Promise<void>
  /** A new tab for a call that no IDL describes. */
  openUndescribed(transport: 'http' | 'jsonrpc-ws'): void
  openSaved(path: string): void
  openRecord(id: string): Promise<void>
  duplicate(tab: string): void
  send(tab?: string): void
  /** Sends what stands in the compose box of the tab's stream. */
  sendMessage(tab?: string): void
  cancel(tab?: string): boolean
  save(tab: string, path: string, overwrite: boolean): Promise<boolean>
  /** Saves under the tab's path; false when it has none yet. */
  saveInPlace(tab: string): Promise<boolean>
  close(tab: string): void
  fillExample(tab: string): Promise<void>
  copy(text: string): Promise<void>
  /** Saves a whole reply of which the record holds the beginning. */
  saveReply(record: CallRecord): Promise<void>
  /** Fetches the record of the tab that is shown, so that a restart shows the very same screen. */
  restoreRecords(): Promise<void>
  /** Absolute path of a dropped file, where the host can tell. */
  pathOf(file: File): string | undefined
}

export function createActions(platform: Platform, stores: Stores, runs: RunsStore): Actions {
  const { session, workspace, idl, registry, history, notices, layout, streams } = stores
  const state = (): ReturnType<typeof workspace.store.getState>['workspace'] => workspace.store.getState().workspace
  const example = async (method: string): Promise<string> => {
    const answer = await platform.request('idl.example', { method })
    if (!answer.ok) notices.fail(answer.error)
    return answer.ok ? answer.value.body : '{}'
  }
  const serviceNameFor = (method: string, told: string | undefined): string | undefined => {
    const services = idl.store.getState().value?.services ?? []
    const names = registry.store.getState().value?.services.map(({ service }) => service) ?? []
    return told ?? registryNameOf(method.split('/')[0] ?? '', names, services, state().services)
  }
  const openAnother = async (method: string, registryName?: string): Promise<void> => {
    const target = targetFor(serviceNameFor(method, registryName), state())
    layout.showRequest()
    const request = withTimeFor(findMethod(idl.store.getState().value, method)?.method, newRequest(method, '', target, state()))
    const tab = session.add({ title: methodTitle(method), dirty: false, request })
    const body = await example(method)
    // Typing may have begun while the example was made; what is typed wins.
    const now = session.store.getState().tabs.find(({ id }) => id === tab)
    if (now !== undefined && now.request.body === '') {
      session.change(tab, { body })
      session.update(tab, { dirty: false })
    }
  }
  const tabOr = (tab: string | undefined): Draft | undefined => {
    const current = session.store.getState()
    return tab === undefined ? activeTab(current) : current.tabs.find(({ id }) => id === tab)
  }
  const callOf = (tab: string): string | undefined => {
    const run = runs.store.getState().byTab[tab]
    return run?.record?.id ?? run?.view?.id
  }
  const forgetStream = (tab: string): void => {
    const call = callOf(tab)
    if (call !== undefined) streams.forget(call)
  }
  const ended = (tab: string, record: CallRecord): void => {
    session.update(tab, { recordId: record.id })
    void history.refresh()
  }
  return {
    openAnother,
    openMethod: (method, registryName) => {
      const wanted = serviceNameFor(method, registryName)
      const same = session.store.getState().tabs.find(({ request, path }) => path === undefined && request.method === method && targetName(request) === wanted)
      if (same === undefined) return openAnother(method, registryName)
      layout.showRequest()
      session.show(same.id)
      return Promise.resolve()
    },
    openUndescribed: (transport) => {
      layout.showRequest()
      const method = transport === 'http' ? 'GET /' : 'method'
      const target = { kind: 'direct' as const, endpoints: ['127.0.0.1:8080'] }
      session.add({ title: method, dirty: false, request: { ...newRequest(method, transport === 'http' ? '' : '[]', target, state()), transport } })
    },
    openSaved: (path) => {
      layout.showRequest()
      const open = session.store.getState().tabs.find((tab) => tab.path === path)
      const saved = state().calls.find((call) => call.path === path)
      if (open !== undefined) session.show(open.id)
      else if (saved !== undefined) session.add({ title: saved.name, path, dirty: false, request: { ...saved.request, idl: { paths: [...state().idl.paths], includeDirs: [...state().idl.includeDirs] } } })
    },
    openRecord: async (id) => {
      layout.showRequest()
      const open = session.store.getState().tabs.find((tab) => tab.recordId === id && runs.store.getState().byTab[tab.id]?.record?.id === id)
      if (open !== undefined) return session.show(open.id)
      const record = await platform.request('history.get', { id })
      if (!record.ok) return notices.fail(record.error)
      const { request, method } = record.value
      const tab = session.add({ title: methodTitle(method), dirty: false, recordId: id, request })
      runs.show(tab, record.value)
    },
    duplicate: (tab) => {
      const source = tabOr(tab)
      if (source !== undefined) session.add({ title: source.title, dirty: true, request: source.request })
    },
    send: (tab) => {
      const draft = tabOr(tab)
      if (draft === undefined || draft.request.method === '' || runs.store.getState().byTab[draft.id]?.phase === 'running') return
      const request = requestToSend(draft.request, state())
      forgetStream(draft.id)
      runs.start(draft.id, request, (record) => ended(draft.id, record))
    },
    sendMessage: (tab) => {
      const draft = tabOr(tab)
      const call = draft === undefined ? undefined : callOf(draft.id)
      if (call !== undefined) void streams.of(call).sendDraft()
    },
    cancel: (tab) => {
      const draft = tabOr(tab)
      if (draft === undefined || runs.store.getState().byTab[draft.id]?.phase !== 'running') return false
      runs.cancel(draft.id)
      void history.refresh()
      return true
    },
    save: async (tab, path, overwrite) => {
      const draft = tabOr(tab)
      if (draft === undefined) return false
      const saved = await workspace.saveCall(path, withoutIdl(draft.request), overwrite)
      if (!saved.ok) {
        notices.fail(saved.error)
        return false
      }
      session.update(draft.id, { path, dirty: false, title: path.split('/').at(-1) ?? path })
      notices.say({ key: 'app.saved', params: { path } })
      return true
    },
    saveInPlace: async (tab) => {
      const draft = tabOr(tab)
      if (draft?.path === undefined) return false
      const saved = await workspace.saveCall(draft.path, withoutIdl(draft.request), true)
      if (saved.ok) session.update(draft.id, { dirty: false })
      else notices.fail(saved.error)
      return true
    },
    close: (tab) => {
      const draft = tabOr(tab)
      if (draft === undefined) return
      session.close(draft.id)
      forgetStream(draft.id)
      runs.forget(draft.id)
      if (draft.dirty) notices.say({ key: 'app.tab.closed', params: { title: draft.title } }, () => session.reopen())
    },
    fillExample: async (tab) => {
      const draft = tabOr(tab)
      if (draft === undefined) return
      const body = await example(draft.request.method)
      session.change(draft.id, { body })
    },
    saveReply: ({ id, method }) => {
      const name = `${methodFileName(method)}.json`
      return savePieces(platform, notices, name, (path, onItems, onEnd, onError) => {
        let bytes = 0
        platform.openStream('reply.save', { callId: id, ...(path === undefined ? {} : { path }) }, {
          onItems: (items) => {
            bytes = items.at(-1)?.bytes ?? bytes
            onItems(items)
          },
          onEnd: () => onEnd({ key: 'app.reply.saved', params: { size: formatBytes(bytes), name: path ?? name } }),
          onError,
        })
      })
    },
    copy: async (text) => {
      const copied = await copyText(platform, text)
      if (copied) notices.say({ key: 'app.copied' })
      else notices.fail({ code: 'unsupported', layer: 'ipc', text: { key: 'app.copyFailed' } })
    },
    restoreRecords: async () => {
      const { tabs } = session.store.getState()
      await Promise.all(tabs.map(async ({ id, recordId }) => {
        if (recordId === undefined || runs.store.getState().byTab[id] !== undefined) return
        const record = await platform.request('history.get', { id: recordId })
        // A record that history has dropped since is no failure of this start.
        if (record.ok) runs.show(id, record.value)
      }))
    },
    pathOf: (file) => platform.pathOf(file),
  }
}

/** The host's clipboard, or the browser's in a page. */
async function copyText(platform: Platform, text: string): Promise<boolean> {
  const copied = await platform.request('app.copyText', { text })
  if (copied.ok) return true
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

const targetName = (request: CallRequest): string | undefined => (request.target.kind === 'service' ? request.target.service : undefined)

function withoutIdl({ idl: _idl, ...rest }: CallRequest): Omit<CallRequest, 'idl'> {
  return rest
}

/** `Service/Method`, or a method name alone where it is unique. */
export function findMethod(set: IdlSet | undefined, method: string): { readonly service: ServiceDescriptor; readonly method: MethodDescriptor } | undefined {
  const slash = method.lastIndexOf('/')
  const [service, name] = slash < 0 ? [undefined, method] : [method.slice(0, slash), method.slice(slash + 1)]
  const found = (set?.services ?? []).flatMap((one) => (service === undefined || one.name === service ? one.methods.filter((entry) => entry.name === name).map((entry) => ({ service: one, method: entry })) : []))
  return found[0]
}

const context = requiredContext<Actions>('Actions')
export const ActionsProvider = context.Provider
export const useActions = context.use
