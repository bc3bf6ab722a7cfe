// Starts what every host of a window has: one engine, its areas opened, the receiver listening, the wanted workspace open, a router over
// it all. A workspace that cannot be opened or a port that is taken does not keep the window from opening; the window tells.

import { join, relative } from 'node:path'
import { KiteError, type ErrorData } from '../../shared/base/error.ts'
import { createEngine, systemPorts, type Workspace } from '../engine/index.ts'
import { BigReplies } from './big-replies.ts'
import type { HostAbilities } from './abilities.ts'
import { createHandlers } from './handlers.ts'
import { reachOf } from './reach.ts'
import type { Session } from './router.ts'
import { createRouter } from './router.ts'
import { createStreamHandlers } from './stream-handlers.ts'
import { StreamSessions } from './stream-sessions.ts'

export interface HostOptions {
  readonly dataDir: string
  readonly abilities: HostAbilities
  /** Folder to open; undefined: in the desktop window the one that was open last, else the data folder's scratch. */
  readonly workspace: string | undefined
  /** Opens the demo's workspace, its servers running. */
  readonly demo: boolean
  /** For developers; stderr. */
  readonly warn: (message: string) => void
}

/** A started host. */
export interface OpenHost {
  readonly workspace: Workspace
  openSession(): Session
  /** Settles when the wanted workspace is open, or with why it is not. */
  readonly opened: Promise<ErrorData | undefined>
  dispose(): Promise<void>
}

/** Resolves when windows may ask; what needs the workspace waits for it by itself. */
export async function openHost({ dataDir, abilities, workspace: path, demo: wantsDemo, warn }: HostOptions): Promise<OpenHost> {
  const engine = createEngine(systemPorts({ dataDir, log: { warn: (message, detail) => warn(`${message} ${JSON.stringify(detail ?? {})}`) } }))
  const [workspace, traces] = await Promise.all([engine.workspace(), engine.traces()])
  const { receiverGrpcPort, receiverHttpPort } = workspace.user.settings
  const listening = traces.start({ grpcPort: receiverGrpcPort, httpPort: receiverHttpPort }).catch((caught: unknown) => warn(String(caught)))
  const demo = async (): Promise<string> => (await engine.demo()).folder
  const opened = attempt(async () => {
    // The demo's servers export to the receiver, so it comes first.
    if (wantsDemo) await listening
    if (wantsDemo) await workspace.open(await demo())
    else if (path !== undefined) await workspace.open(path)
    else if (abilities.info.host === 'electron') await openLast(workspace, dataDir)
  })
  const streams = new StreamSessions(join(dataDir, 'streams'))
  const bigReplies = new BigReplies(join(dataDir, 'replies'))
  const parts = { reach: reachOf(workspace, abilities.info.host === 'page', dataDir), engine, workspace, opened, traces, streams, bigReplies, mocks: () => engine.mocks(), abilities, demo }
  const router = createRouter(createHandlers(parts), createStreamHandlers(parts))
  return { workspace, openSession: router.openSession, opened, dispose: () => engine.dispose().finally(() => Promise.all([streams.dispose(), bigReplies.dispose()])) }
}

/** The folder that was open last, as editors do; the tabs that a crash left come back with it. One that is gone is no news. */
async function openLast(workspace: Workspace, dataDir: string): Promise<void> {
  // What lies in our own data folder is the demo, whose servers do not run now.
  const last = workspace.user.recent.find((folder) => relative(dataDir, folder).startsWith('..'))
  if (last !== undefined) await workspace.open(last).catch(() => undefined)
}

async function attempt(work: () => Promise<void>): Promise<ErrorData | undefined> {
  try {
    await work()
    return undefined
  } catch (caught) {
    return KiteError.from(caught, 'workspace').data
  }
}
