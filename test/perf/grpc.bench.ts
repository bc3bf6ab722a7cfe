// gRPC calls per second against a real grpc-go server, three clients side by side in one run: ours, grpc-js, and ghz; and against a real Kitex server
// beside Kitex's own client. A closed loop of 100 callers with one call in flight each, over 100 connections and over one, 100 bytes of string. Messages
// are encoded beforehand for both clients of Node, so that the transport is measured. Aims: five times grpc-js over 100 connections, ahead of ghz in both,
// and ahead of Kitex's client.

import * as grpc from '@grpc/grpc-js'
import { createHttp2Pool } from '../../src-main/engine/transport/http2/pool.ts'
import { noHeader, noRoute, type CallRoute, type ConnectionPool, type OutgoingMessage } from '../../src-main/engine/transport/transport.ts'
import { buildGhz, runGhz } from '../support/peers/ghz.ts'
import { grpcGoMissing, grpcIdl, grpcIdlFolder, startGrpcGoServer } from '../support/peers/grpc-go.ts'
import { kitexMissing, runKitexBench, startKitexServer } from '../support/peers/kitex.ts'
import { keep, table } from './support/figures.ts'

const missing = grpcGoMissing() ?? kitexMissing()
if (missing !== undefined) throw new Error(`no peer: ${missing}`)

const callers = 100
const text = 'x'.repeat(100)
const warmMs = 500
/** Of each round. Rows take turns and each keeps its median, so that a busy moment of the machine does not fall on one of them. */
const seconds = Number(process.env['KITE_BENCH_SECONDS'] ?? '2')
const rounds = Number(process.env['KITE_BENCH_ROUNDS'] ?? '3')
const path = { service: 'kite.peer.v1.Peer', method: 'Echo' }
/** Field 1, a string. */
const message = Buffer.concat([Buffer.from([0x0a, text.length]), Buffer.from(text)])

type Figures = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
  /** Of this process; what other work on the machine cannot spoil. Absent of ghz, which is another process. */
  readonly perCpuSecond?: number
}

/** Runs callers in a closed loop and counts what falls into the measured time. */
async function closedLoop(callOf: (caller: number) => () => Promise<boolean>): Promise<Figures> {
  const begin = performance.now() + warmMs
  const end = begin + seconds * 1000
  const taken: number[] = []
  let failed = 0
  let all = 0
  const cpu = process.cpuUsage()
  const caller = async (_: unknown, number: number): Promise<void> => {
    const once = callOf(number)
    for (;;) {
      const from = performance.now()
      if (from >= end) return
      const ok = await once()
      all++
      if (!ok) failed++
      else if (from >= begin) taken.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const { user, system } = process.cpuUsage(cpu)
  taken.sort((a, b) => a - b)
  const at = (share: number): number => taken[Math.floor(taken.length * share)] ?? Number.NaN
  return { perSecond: Math.round(taken.length / seconds), p50Ms: at(0.5), p99Ms: at(0.99), failed, perCpuSecond: Math.round(all / ((user + system) / 1e6)) }
}

const read = { meter: () => undefined, maxFrameBytes: 64 * 1024 * 1024, oneway: false }
const route: CallRoute = { ...path, codec: 'protobuf', language: 'proto', compress: 'none', timeoutMs: 10_000, http: noRoute }
const outgoing: OutgoingMessage = { transport: 'grpc', route, seqId: 1, header: noHeader, message }
/** The same string for Kitex's server. */
const outgoingToKitex: OutgoingMessage = { ...outgoing, route: { ...route, service: 'peerpb.PbPeer', method: 'Say' } }

/** Each caller has a signal of its own, so that no list of listeners grows with the callers. */
const ours = (pool: ConnectionPool, capture: boolean, address = server.grpc, said = outgoing) => () => {
  const { signal } = new AbortController()
  const options = { ...read, capture }
  return async (): Promise<boolean> => {
    const lease = await pool.acquire(address, 5000, signal)
    const { reply } = await lease.exchange(said, options, signal)
    lease.release(true)
    return reply !== undefined && reply.fault === undefined && reply.message.length === message.length
  }
}

const same = (bytes: Buffer): Buffer => bytes
/** `alone`: a connection for every caller, as its channels share none then. */
function grpcJs(alone: boolean): { readonly callOf: (caller: number) => () => Promise<boolean>; close(): void } {
  const options = { 'grpc.use_local_subchannel_pool': 1 }
  const clients = Array.from({ length: alone ? callers : 1 }, () => new grpc.Client(server.grpc, grpc.credentials.createInsecure(), options))
  const clientOf = (caller: number): grpc.Client => {
    const client = clients[caller % clients.length]
    if (client === undefined) throw new Error('believed: there is a client')
    return client
  }
  const callOf = (caller: number) => () => new Promise<boolean>((resolve) => {
    const client = clientOf(caller)
    client.makeUnaryRequest(`/${path.service}/${path.method}`, same, same, message, { deadline: Date.now() + 10_000 }, (error, reply) => resolve(error === null && reply?.length === message.length))
  })
  return { callOf, close: () => clients.forEach((client) => client.close()) }
}

async function ghz(connections: number): Promise<Figures> {
  const { rps, latencyDistribution, statusCodeDistribution, count } = await runGhz(server.grpc, {
    proto: grpcIdl, importFolder: grpcIdlFolder, method: `${path.service}/${path.method}`, data: { text }, connections, concurrency: callers, seconds: seconds + warmMs / 1000, processors: 1,
  })
  const at = (percentage: number): number => (latencyDistribution.find((one) => one.percentage === percentage)?.latency ?? Number.NaN) / 1e6
  return { perSecond: Math.round(rps), p50Ms: at(50), p99Ms: at(99), failed: count - (statusCodeDistribution['OK'] ?? 0) }
}

async function kitexClient(connections: number): Promise<Figures> {
  const { perSecond, p50Ms, p99Ms, failed } = await runKitexBench(kitex.pb, { connections: callers, grpc: connections, seconds, bytes: text.length, processors: 1 })
  return { perSecond: Math.round(perSecond), p50Ms, p99Ms, failed }
}

/** The round whose rate stands in the middle, with all that failed in any of them. */
function medianOf(all: readonly Figures[]): Figures {
  const middle = [...all].sort((a, b) => a.perSecond - b.perSecond)[all.length >> 1]
  if (middle === undefined) throw new Error('believed: there was a round')
  return { ...middle, failed: all.reduce((sum, { failed }) => sum + failed, 0) }
}

const server = await startGrpcGoServer({ processors: 1 })
const kitex = await startKitexServer({ processors: 1 })
await buildGhz()
const pools: ConnectionPool[] = []
const pool = (kind: 'long' | 'mux'): ConnectionPool => {
  const made = createHttp2Pool(kind, { maxIdlePerAddress: callers })
  pools.push(made)
  return made
}
const viaGrpcJs = async (alone: boolean): Promise<Figures> => {
  const { callOf, close } = grpcJs(alone)
  const figures = await closedLoop(callOf)
  close()
  return figures
}

const rows: Readonly<Record<string, () => Promise<Figures>>> = {
  'grpc-js, 100 connections': () => viaGrpcJs(true),
  'ghz, 100 connections': () => ghz(callers),
  'ours, 100 connections': () => closedLoop(ours(pool('long'), false)),
  'ours, 100 connections, frames kept': () => closedLoop(ours(pool('long'), true)),
  'grpc-js, 1 connection': () => viaGrpcJs(false),
  'ghz, 1 connection': () => ghz(1),
  'ours, 1 connection': () => closedLoop(ours(pool('mux'), false)),
  'ours, 1 connection, frames kept': () => closedLoop(ours(pool('mux'), true)),
  'Kitex client to Kitex, 100 connections': () => kitexClient(callers),
  'ours to Kitex, 100 connections': () => closedLoop(ours(pool('long'), false, kitex.pb, outgoingToKitex)),
  'Kitex client to Kitex, 1 connection': () => kitexClient(1),
  'ours to Kitex, 1 connection': () => closedLoop(ours(pool('mux'), false, kitex.pb, outgoingToKitex)),
}
const only = process.env['KITE_BENCH_ONLY'] ?? ''
const taken: Record<string, Figures[]> = {}
for (let round = 0; round < rounds; round++) for (const [name, run] of Object.entries(rows)) if (name.includes(only)) (taken[name] ??= []).push(await run())
const figures: Readonly<Record<string, Figures>> = Object.fromEntries(Object.entries(taken).map(([name, all]) => [name, medianOf(all)]))
table(figures)

const ratio = (a: string, b: string): number => (figures[a]?.perSecond ?? Number.NaN) / (figures[b]?.perSecond ?? Number.NaN)
const cpuRatio = (a: string, b: string): number => (figures[a]?.perCpuSecond ?? Number.NaN) / (figures[b]?.perCpuSecond ?? Number.NaN)
const ratios = {
  'ours / grpc-js, 100 connections, by processor time': { ratio: cpuRatio('ours, 100 connections', 'grpc-js, 100 connections'), aim: 5 },
  'ours / grpc-js, 1 connection, by processor time': { ratio: cpuRatio('ours, 1 connection', 'grpc-js, 1 connection'), aim: 5 },
  'ours / grpc-js, 100 connections': { ratio: ratio('ours, 100 connections', 'grpc-js, 100 connections'), aim: 5 },
  'ours / ghz, 100 connections': { ratio: ratio('ours, 100 connections', 'ghz, 100 connections'), aim: 1 },
  'ours / grpc-js, 1 connection': { ratio: ratio('ours, 1 connection', 'grpc-js, 1 connection'), aim: 5 },
  'ours / ghz, 1 connection': { ratio: ratio('ours, 1 connection', 'ghz, 1 connection'), aim: 1 },
  "ours / Kitex's, 100 connections": { ratio: ratio('ours to Kitex, 100 connections', 'Kitex client to Kitex, 100 connections'), aim: 1 },
  "ours / Kitex's, 1 connection": { ratio: ratio('ours to Kitex, 1 connection', 'Kitex client to Kitex, 1 connection'), aim: 1 },
}
table(ratios)
keep({ callers, bytes: text.length, seconds, rounds, figures, ratios })
for (const one of pools) one.dispose()
await Promise.all([server.stop(), kitex.stop()])
