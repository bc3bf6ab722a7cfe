// ghz, the load generator that gRPC people know, built from its module into the cache: the bench prints it beside our own client.

import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run } from './child.ts'
import { grpcIdlFolder } from './grpc-go.ts'

const sources = join(grpcIdlFolder, '../../ghz')

/** Path of ghz. Slow only the first time. Why it may be missing is what `grpcGoMissing` says of Go. */
export async function buildGhz(): Promise<string> {
  const folder = await buildOnce('ghz', await hashOfFolder(sources), async (target) => {
    const source = join(target, 'source')
    await cp(sources, source, { recursive: true })
    await run('go', ['build', '-o', join(target, 'ghz'), 'github.com/bojand/ghz/cmd/ghz'], { cwd: source, env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' } })
  })
  return join(folder, 'ghz')
}

/** What ghz says of one run; times in nanoseconds. */
export interface GhzReport {
  readonly count: number
  readonly rps: number
  readonly average: number
  readonly statusCodeDistribution: Readonly<Record<string, number>>
  readonly latencyDistribution: readonly { readonly percentage: number; readonly latency: number }[]
}

export interface GhzRun {
  readonly proto: string
  readonly importFolder: string
  /** `package.Service/Method`. */
  readonly method: string
  readonly data: unknown
  readonly connections: number
  readonly concurrency: number
  readonly seconds: number
  /** Threads that it may use at once. */
  readonly processors?: number
}

/** Runs ghz to its end in a closed loop. */
export async function runGhz(address: string, { proto, importFolder, method, data, connections, concurrency, seconds, processors }: GhzRun): Promise<GhzReport> {
  const target = ['--insecure', '--import-paths', importFolder, '--proto', proto, '--call', method, '-d', JSON.stringify(data)]
  const load = ['--connections', String(connections), '-c', String(concurrency), '-z', `${seconds}s`, '-n', '0', '-O', 'json']
  const report = await run(await buildGhz(), [...target, ...load, address], processors === undefined ? {} : { env: { GOMAXPROCS: String(processors) } })
  return JSON.parse(report) as GhzReport
}
