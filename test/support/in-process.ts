// The renderer's platform joined to the host's router in one process, by real MessageChannels: the true engine and the true contract
// without a window (Playwright's inprocess.ts does the same).

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { Result } from '../../shared/base/result.ts'
import type { Bridge, ToReader } from '../../shared/ipc/protocol.ts'
import type { HostAbilities } from '../../src-main/host/abilities.ts'
import { type OpenHost, openHost } from '../../src-main/host/open-host.ts'
import type { Session } from '../../src-main/host/router.ts'
import { type Platform, createPlatform } from '../../src-renderer/platform/client.ts'

export interface InProcess {
  readonly platform: Platform
  readonly host: OpenHost
  readonly dataDir: string
  /** What was copied to the clipboard. */
  readonly copied: readonly string[]
  /** As closing the window. */
  closeWindow(): void
  dispose(): Promise<void>
}

/** A host with data of its own and receivers on free ports. */
export async function openInProcess({ workspace, host: kind = 'electron', dataDir: given }: { readonly workspace?: string; readonly host?: 'electron' | 'page'; readonly dataDir?: string } = {}): Promise<InProcess> {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'kite-host-')))
  const copied: string[] = []
  const abilities: HostAbilities = {
    info: { version: '0.0.0', runtime: 'test', host: kind, platform: 'linux', language: 'en' },
    copyText: async (text) => void copied.push(text),
    pickIdl: async () => [],
    pickFolder: async () => undefined,
    pickSave: async (name) => join(dataDir, name),
  }
  const host = await openHost({ dataDir, abilities, workspace, demo: false, warn: () => undefined })
  const session = host.openSession()
  const dispose = async (): Promise<void> => {
    session.dispose()
    await host.dispose()
    if (given === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  return { platform: createPlatform(sessionBridge(session)), host, dataDir, copied, closeWindow: () => session.dispose(), dispose }
}

/** A bridge over a session; everything passes structured clone, as between processes. */
export function sessionBridge(session: Session): Bridge {
  return {
    request: async (channel, input, id): Promise<Result<unknown>> => structuredClone(await session.request(channel, structuredClone(input), id, true)),
    cancel: (id) => session.cancel(id),
    openStream: (channel, input) => {
      const { port1, port2 } = new MessageChannel()
      session.openStream(channel, structuredClone(input), {
        post: (message) => port2.postMessage(message),
        onMessage: (listener) => void port2.on('message', listener),
        onClose: (listener) => void port2.on('close', listener),
        close: () => port2.close(),
      }, true)
      return {
        send: (message) => port1.postMessage(message),
        onMessage: (listener) => void port1.on('message', (message: ToReader) => listener(message)),
      }
    },
    pathOf: () => undefined,
  }
}
