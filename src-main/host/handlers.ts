// Which engine method stands behind each request of the contract. A handler passes its parsed input on and returns what comes back; if
// one wants an `if`, that belongs in the engine.

import type { AppInfo } from '../../shared/ipc/contract.ts'
import { KiteError } from '../../shared/base/error.ts'
import { reflectionPathOf } from '../../shared/logic/reflection-path.ts'
import type { Handlers } from './router.ts'
import type { HostParts } from './parts.ts'

/** Handlers over the opened parts of one engine. */
export function createHandlers({ engine, workspace, opened, traces, streams, mocks, abilities, demo, reach }: HostParts): Handlers {
  const info = (): AppInfo => ({ ...abilities.info, settings: workspace.user.settings, layout: workspace.user.layout })
  return {
    'app.info': info,
    'app.setSettings': (change) => workspace.user.setSettings(change),
    'app.setLayout': (layout) => workspace.user.setLayout(layout),
    'app.copyText': ({ text }) => abilities.copyText(text),
    'app.pickIdl': async () => ({ paths: await abilities.pickIdl() }),
    'app.pickFolder': async () => ({ path: await abilities.pickFolder() }),
    'app.pickSave': async ({ name }) => ({ path: await abilities.pickSave(name) }),

    'workspace.state': () => opened.then(() => workspace.state),
    'workspace.open': ({ path }) => opened.then(() => workspace.open(reach.folder(path))),
    'workspace.openDemo': async () => workspace.open(await demo()),
    'workspace.setEnvironment': ({ name }) => workspace.setEnvironment(name),
    'workspace.addIdl': ({ paths }) => opened.then(() => workspace.addIdl(reach.idl(paths))),
    'workspace.addIdlText': ({ files }) => workspace.addIdlText(files),
    'workspace.addServerIdl': async ({ address, tls }, signal) => {
      const path = reflectionPathOf(address, tls)
      const source = await workspace.idlSource({ paths: [...reach.idl([path])], includeDirs: [] })
      await engine.idl.load({ ...source, ...reach.idlBounds() }, { signal })
      return workspace.addIdl([path])
    },
    'workspace.refreshIdl': () => engine.idl.forgetReflected(),
    'workspace.removeIdl': ({ path }) => workspace.removeIdl(path),
    'workspace.saveCall': ({ path, request, overwrite }) => workspace.saveCall(path, request, overwrite),
    'workspace.deleteCall': ({ path }) => workspace.deleteCall(path),
    'workspace.loadDrafts': () => opened.then(() => workspace.loadDrafts()),
    'workspace.saveDrafts': (drafts) => workspace.saveDrafts(drafts),

    'idl.load': async (_input, signal) => {
      await opened
      return engine.idl.load({ ...await workspace.idlSource(), ...reach.idlBounds() }, { signal, isTolerant: true })
    },
    'idl.example': async ({ method }, signal) => {
      const idl = await engine.idl.load({ ...await workspace.idlSource(), ...reach.idlBounds() }, { signal, isTolerant: true })
      const found = await engine.idl.find(idl, method)
      if (!found.ok) throw new KiteError(found.error)
      return { body: await engine.idl.example(idl, found.value.method) }
    },

    'probe.run': async ({ address, method, path, tls }, signal) => {
      reach.checkAddresses([address])
      const { root } = workspace.state
      const files = { isConfined: reach.isConfined, ...(root === undefined ? {} : { baseDir: root }) }
      return engine.probe(address, { signal, ...(method === undefined ? {} : { method }), ...(path === undefined ? {} : { path }), ...(tls === undefined ? {} : { tls, files }) })
    },

    'history.list': ({ limit }) => opened.then(() => workspace.history.list(limit)),
    'history.get': ({ id }) => opened.then(() => workspace.history.get(id)),
    'history.clear': () => workspace.history.clear(),

    'stream.send': ({ callId, json }) => streams.get(callId).send(json),
    'stream.sendFile': ({ callId, path: named, ...file }) => {
      const path = named === undefined ? undefined : reach.file(named)
      return streams.get(callId).sendFile({ ...file, path })
    },
    'stream.closeSend': ({ callId }) => streams.get(callId).closeSend(),
    'stream.pause': ({ callId }) => streams.get(callId).pause(),
    'stream.resume': ({ callId }) => streams.get(callId).resume(),
    'stream.setCountOnly': ({ callId, isCountOnly }) => streams.get(callId).setCountOnly(isCountOnly),
    'stream.state': ({ callId }) => streams.get(callId).state,
    'stream.read': ({ callId, ...page }) => streams.get(callId).read(page),
    'stream.search': ({ callId, ...search }, signal) => streams.get(callId).search(search, signal),
    'stream.forget': ({ callId }) => streams.forget(callId),

    'trace.list': (filter) => traces.store.list(filter),
    'trace.get': ({ traceId }) => traces.store.get(traceId),
    'receiver.start': (ports) => traces.start(ports),
    'receiver.stop': () => traces.stop(),

    'mock.start': async (options, signal) => {
      await opened
      reach.idl([...options.idl.paths, ...options.idl.includeDirs])
      if (options.stubFile !== undefined) reach.file(options.stubFile)
      reach.checkRegistry(options.register)
      reach.checkListen(options.listen)
      return (await mocks()).start(await workspace.mockOptions(options), signal, reach.idlBounds())
    },
    'mock.stop': async ({ id }) => (await mocks()).stop(id),
    'mock.list': async () => (await mocks()).list(),
  }
}

