// Where the demo's workspace goes and where its spans go, when the host did not say.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Telemetry } from '../telemetry/index.ts'
import { startDemo, type Demo, type DemoOptions } from './index.ts'

export interface DemoWish {
  readonly folder?: string
  readonly exportTo?: string
  readonly seed?: number
  readonly signal?: AbortSignal
}

export interface DemoParts {
  readonly traces: Telemetry
  readonly dataDir: string | undefined
  readonly makeEngine: DemoOptions['makeEngine']
}

const startMs = 30_000

/** A folder made for it goes with it. Throws KiteError. */
export async function openDemo({ folder, exportTo, seed, signal }: DemoWish, { traces, dataDir, makeEngine }: DemoParts): Promise<Demo> {
  const temporary = folder === undefined && dataDir === undefined
  const place = folder ?? (dataDir === undefined ? await mkdtemp(join(tmpdir(), 'kite-demo-')) : join(dataDir, 'demo'))
  const { http } = traces.status
  const own = http.state === 'listening' ? `http://${http.address}` : (spans: Parameters<Telemetry['addOwn']>[0]) => traces.addOwn(spans)
  const options: DemoOptions = { folder: resolve(place), exportTo: exportTo ?? own, makeEngine, ...(seed === undefined ? {} : { seed }) }
  const demo = await startDemo(options, signal ?? AbortSignal.timeout(startMs))
  if (!temporary) return demo
  const dispose = async (): Promise<void> => {
    await demo.dispose()
    await rm(place, { recursive: true, force: true })
  }
  return { folder: demo.folder, registry: demo.registry, instances: demo.instances, firstCall: demo.firstCall, flush: (limit) => demo.flush(limit), dispose }
}
