// What each stream of the contract is pulled from. States (IDLs, registry, receiver, mocks) give the newest only; happenings (call
// events, hits, traces) give each.

import type { CallEvent } from '../../shared/model/call-event.ts'
import type { CallRequest } from '../../shared/model/call.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { MockHit, MockStatus } from '../../shared/model/mock.ts'
import type { TraceSummary } from '../../shared/model/trace.ts'
import type { WorkspaceState } from '../../shared/model/workspace.ts'
import { KiteError } from '../../shared/base/error.ts'
import type { IdlArea, TraceStore } from '../engine/index.ts'
import type { HostParts } from './parts.ts'
import type { Reach } from './reach.ts'
import { watchRegistry } from './registry-view.ts'
import type { StreamHandlers } from './router.ts'
import { allOf, latestOf, untilEnd } from './sources.ts'
import { exportStream } from './stream-export.ts'

/** Traces that grew are announced this often, however many spans come. */
const traceGatherMs = 100

/** Streams over the opened parts of one engine. */
export function createStreamHandlers(parts: HostParts): StreamHandlers {
  const { engine, workspace, traces } = parts
  return {
    'call.run': (request, signal) => runCall(parts, request, signal),
    'stream.watch': ({ callId }, signal) => parts.streams.watch(callId, signal),
    'stream.export': ({ callId, filter, path }, signal) => {
      if (path !== undefined) parts.reach.target(path)
      return exportStream(parts.streams.get(callId), { filter, path }, signal)
    },
    'reply.save': ({ callId, path }, signal) => {
      if (path !== undefined) parts.reach.target(path)
      return parts.bigReplies.save(callId, path, signal)
    },
    'workspace.watch': (_input, signal) => watchState(parts, signal),
    'idl.watch': (_input, signal) => loadedIdl(parts, signal),
    'discovery.watch': (_input, signal) => latestOf((push) => watchRegistry(workspace, engine.discovery, push), signal),
    'trace.live': (_input, signal) => allOf((push) => watchTraces(traces.store, push), signal),
    'receiver.watch': (_input, signal) => latestOf((push) => {
      push(traces.status)
      return traces.onDidChangeStatus(push)
    }, signal),
    'mock.watch': (_input, signal) => mockStates(parts, signal),
    'mock.hits': (_input, signal) => mockHits(parts, signal),
  }
}

/** IDLs within reach. */
const bounded = (idl: IdlArea, reach: Reach): IdlArea => ({
  load: (source, options) => idl.load({ ...source, ...reach.idlBounds() }, options),
  find: (set, name) => idl.find(set, name),
  example: (set, method) => idl.example(set, method),
  exampleValue: (set, type) => idl.exampleValue(set, type),
  forgetReflected: () => idl.forgetReflected(),
})

/** The call's events as they happen. What is wrong with the request itself ends the stream with that error. */
async function* runCall({ engine, workspace, opened, reach, streams, bigReplies }: HostParts, request: CallRequest, signal: AbortSignal): AsyncGenerator<CallEvent, void, undefined> {
  await opened
  reach.idl([...request.idl.paths, ...request.idl.includeDirs])
  if (request.target.kind === 'service') reach.checkRegistry(request.target.registry)
  else reach.checkAddresses(request.target.endpoints)
  const idl = await workspace.callIdl(request.idl)
  const baseDir = workspace.state.root
  const session = await streams.open(request.body)
  yield* untilEnd<CallEvent>((feed) => {
    const abort = new AbortController()
    const onEvent = (event: CallEvent): void => {
      if (event.kind === 'started') streams.begin(event.id, session)
      feed.push(event.kind === 'ended' ? { kind: 'ended', record: bigReplies.shorten(event.record) } : event)
    }
    engine.call({ ...request, idl }, { signal: abort.signal, onEvent, stream: session.port, isConfined: reach.isConfined, idlBounds: reach.idlBounds(), ...(baseDir === undefined ? {} : { baseDir }) })
      .then(() => feed.end(), (caught: unknown) => feed.end(caught))
      .finally(() => streams.end(session))
    return {
      dispose: () => {
        abort.abort()
        session.letGo()
      },
    }
  }, signal)
}

async function* watchState({ workspace, opened }: HostParts, signal: AbortSignal): AsyncGenerator<WorkspaceState, void, undefined> {
  await opened
  yield* latestOf((push) => {
    push(workspace.state)
    return workspace.onDidChange(push)
  }, signal)
}

async function* loadedIdl({ engine, workspace, opened, reach }: HostParts, signal: AbortSignal): AsyncGenerator<IdlSet, void, undefined> {
  await opened
  const results = latestOf<IdlSet | KiteError>((push) => workspace.watchIdl(bounded(engine.idl, reach), { onSet: push, onError: (error) => push(new KiteError(error)) }), signal)
  for await (const result of results) {
    if (result instanceof KiteError) throw result
    yield result
  }
}

async function* mockStates({ mocks }: HostParts, signal: AbortSignal): AsyncGenerator<readonly MockStatus[], void, undefined> {
  const area = await mocks()
  yield* latestOf((push) => {
    push(area.list())
    return area.onDidChange(push)
  }, signal)
}

/** Those that are remembered, then each as it comes. */
async function* mockHits({ mocks }: HostParts, signal: AbortSignal): AsyncGenerator<MockHit, void, undefined> {
  const area = await mocks()
  yield* allOf((push) => {
    for (const hit of area.hits) push(hit)
    return area.onDidHit(push)
  }, signal)
}

function watchTraces(store: TraceStore, push: (summary: TraceSummary) => void) {
  const grown = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const tell = async (): Promise<void> => {
    timer = undefined
    const ids = [...grown]
    grown.clear()
    for (const summary of await Promise.all(ids.map((id) => store.summary(id)))) if (summary !== undefined) push(summary)
  }
  const subscription = store.onDidAdd((spans) => {
    for (const { traceId } of spans) grown.add(traceId)
    timer ??= setTimeout(() => void tell(), traceGatherMs)
  })
  return {
    dispose: () => {
      clearTimeout(timer)
      subscription.dispose()
    },
  }
}
