// Calls per second over TTHeaderFramed against a real Kitex server, our client beside Kitex's own in one run: a closed loop of 100
// callers with one call in flight each, 100 bytes of string. Two layers of ours: transport and codec alone, and whole engine calls with the
// chain recorded, as the window makes them. Kitex's client and server get one processor each, since Node has but one.

import { setMaxListeners } from 'node:events'
import { createThriftBinary, measureMessage } from '../../src-main/engine/codec/index.ts'
import { createEngine, systemPorts } from '../../src-main/engine/index.ts'
import { findMethod } from '../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { createLongPool } from '../../src-main/engine/transport/serial-pool.ts'
import { createMuxPool } from '../../src-main/engine/transport/mux-pool.ts'
import type { ConnectionPool } from '../../src-main/engine/transport/transport.ts'
import { kitexMissing, runKitexBench, startKitexServer } from '../support/peers/kitex.ts'
import { keep, table } from './support/figures.ts'

const missing = kitexMissing()
if (missing !== undefined) throw new Error(`no Kitex peer: ${missing}`)

const callers = 100
const bytes = 100
const warmMs = 1000
const seconds = Number(process.env['KITE_BENCH_SECONDS'] ?? '4')
const idlPath = 'test/peers/kitex/idl/peer.thrift'

type Figures = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
  /** Processor time of this process, which other work on the machine spoils less than the clock's. Absent of Kitex's client, which is another process. */
  readonly cpuUsPerCall?: number
}

const idl = await loadIdl({ paths: [idlPath] })
const found = findMethod(idl, 'Peer/Say')
if (!found.ok) throw new Error('believed: the peer has Say')
const codec = createThriftBinary().forMethod(idl, found.value.service, found.value.method)
const body = JSON.stringify('x'.repeat(bytes))
/** Shared by all calls, as one test run would. */
const { signal } = new AbortController()
setMaxListeners(0, signal)
const read = { meter: measureMessage, maxFrameBytes: 64 * 1024 * 1024, oneway: false }
const header = { strings: [['isn', 'Peer']], ints: [[3, 'kite.bench'], [6, 'kitex.peer'], [9, 'Say'], [22, '1'], [1, 'framed']] } as const

/** Runs `once` in a closed loop by all callers and counts what falls into the measured time. */
async function closedLoop(once: () => Promise<boolean>, count = callers): Promise<Figures> {
  const begin = performance.now() + warmMs
  const end = begin + seconds * 1000
  const taken: number[] = []
  let failed = 0
  let all = 0
  const cpu = process.cpuUsage()
  const caller = async (): Promise<void> => {
    for (;;) {
      const from = performance.now()
      if (from >= end) return
      const ok = await once()
      all++
      if (!ok) failed++
      else if (from >= begin) taken.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: count }, caller))
  const { user, system } = process.cpuUsage(cpu)
  taken.sort((a, b) => a - b)
  const at = (share: number): number => taken[Math.floor(taken.length * share)] ?? Number.NaN
  return { perSecond: Math.round(taken.length / seconds), p50Ms: at(0.5), p99Ms: at(0.99), failed, cpuUsPerCall: (user + system) / all }
}

let seqId = 0
/** Body text to reply text, without a chain. */
function transportCall(pool: ConnectionPool, address: string): () => Promise<boolean> {
  return async () => {
    const id = (seqId = (seqId + 1) & 0x7fffffff)
    const lease = await pool.acquire(address, 5000, signal)
    const { reply } = await lease.exchange({ transport: 'ttheader-framed', seqId: id, header, message: codec.encodeRequest(body, id) }, read, signal)
    lease.release(true)
    return reply !== undefined && codec.decodeReply(reply.message).kind === 'reply'
  }
}

const server = await startKitexServer({ processors: 1 })
const engine = createEngine(systemPorts())
const long = createLongPool({ maxIdlePerAddress: callers })
const mux = createMuxPool()
const engineCall = (pool: 'long' | 'mux', address: string) => async (): Promise<boolean> => {
  const { outcome } = await engine.call({
    idl: { paths: [idlPath] }, method: 'Peer/Say', body, target: { kind: 'direct', endpoints: [address] }, transport: 'ttheader-framed', timeoutMs: 10_000, connectTimeoutMs: 5000, policy: { pool }, bytes: false,
  })
  return outcome === 'ok'
}

const rows: Readonly<Record<string, () => Promise<Figures>>> = {
  'Kitex client, 100 connections': () => kitexFigures({}),
  'ours: transport and codec, 100 connections': () => closedLoop(transportCall(long, server.thrift)),
  'Kitex client, mux, 1 connection': () => kitexFigures({ mux: 1 }),
  'ours: transport and codec, mux, 1 connection': () => closedLoop(transportCall(mux, server.mux)),
  // Kitex's long pool, and so ours, keeps 10 idle connections of an address; more callers than that must not dial for each call.
  'ours: whole engine call, recorded, 10 callers': () => closedLoop(engineCall('long', server.thrift), 10),
  'ours: whole engine call, recorded, 100 callers': () => closedLoop(engineCall('long', server.thrift)),
  'ours: whole engine call, recorded, mux': () => closedLoop(engineCall('mux', server.mux)),
}
const only = process.env['KITE_BENCH_ONLY'] ?? ''
const figures: Record<string, Figures> = {}
for (const [name, run] of Object.entries(rows)) if (name.includes(only)) figures[name] = await run()
table(figures)
keep({ callers, bytes, seconds, figures })
long.dispose()
mux.dispose()
await engine.dispose()
await server.stop()

async function kitexFigures({ mux: connections = 0 }: { readonly mux?: number }): Promise<Figures> {
  const { perSecond, p50Ms, p99Ms, failed } = await runKitexBench(connections > 0 ? server.mux : server.thrift, { connections: callers, mux: connections, seconds, bytes, processors: 1 })
  return { perSecond: Math.round(perSecond), p50Ms, p99Ms, failed }
}
