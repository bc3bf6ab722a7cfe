// Server reflection with peers that nobody here wrote: grpc-go (v1), Python's grpcio (v1alpha only), `@grpc/reflection` in Node; and those that
// have none: grpc-go without it, connect-go, Kitex.

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IdlSet } from '../../shared/model/idl.ts'
import { reflectIdl } from '../../src-main/engine/reflection/source.ts'
import { createHttp2Pool } from '../../src-main/engine/transport/http2/pool.ts'
import type { ConnectionPool } from '../../src-main/engine/transport/transport.ts'
import { FaultServers } from '../support/fault-servers.ts'
import { grpcGoMissing, grpcIdlFolder, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { ordersProto } from '../support/peers/grpc-js-orders.ts'
import { grpcioMissing, startGrpcioServer } from '../support/peers/grpcio.ts'
import { buildPatienceMs, kitexMissing, startKitexServer } from '../support/peers/kitex.ts'

const never = new AbortController().signal
let pool: ConnectionPool
beforeAll(() => {
  pool = createHttp2Pool('mux')
})
afterAll(() => pool.dispose())

const reflected = (address: string): Promise<IdlSet> => reflectIdl(pool, { address }, never)

/** What every peer has to say of the Peer service. */
function expectPeerService(set: IdlSet): void {
  const service = set.services.find(({ name }) => name === 'kite.peer.v1.Peer')
  expect(service?.methods.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'Echo unary', 'Sleep unary', 'Fail unary', 'Meta unary', 'Big unary', 'Sum client', 'Count server', 'Chat bidi', 'State unary',
  ])
  const request = Object.values(set.structs).find(({ proto }) => proto?.fullName === 'kite.peer.v1.EchoRequest')
  expect(request?.fields.map(({ name, type }) => `${name} ${type.written}`)).toHaveLength(7)
  const stamp = Object.values(set.structs).find(({ proto }) => proto?.fullName === 'kite.peer.common.v1.Stamp')
  expect(stamp?.fields.map(({ name }) => name), 'an import of an import').toEqual(['at', 'by'])
  expect(Object.values(set.enums).map(({ proto }) => proto?.fullName)).toContain('kite.peer.common.v1.Color')
}

const go = grpcGoMissing()
describe.skipIf(go !== undefined)(go === undefined ? 'reflection of Go servers' : `reflection of Go servers is skipped: ${go}`, () => {
  let peer: GrpcGoServer
  beforeAll(async () => {
    peer = await startGrpcGoServer()
  }, buildPatienceMs)
  afterAll(() => peer.stop())

  it('links services, imports and enums of grpc-go', async () => {
    const set = await reflected(peer.grpc)
    expectPeerService(set)
    expect(set.services.map(({ name }) => name), 'reflection itself is of no use to a caller').toEqual(['kite.peer.v1.Peer'])
    expect(set.diagnostics).toEqual([])
  })

  it('says that grpc-go without reflection has none, and offers the IDL', async () => {
    await expect(reflected(peer.bare)).rejects.toMatchObject({ data: { code: 'idl', text: { key: 'reflection.none' }, hint: { key: 'reflection.giveIdl' }, cause: { exception: { type: 'UNIMPLEMENTED' } } } })
  })

  it('says that connect-go without reflection has none', async () => {
    await expect(reflected(peer.connect)).rejects.toMatchObject({ data: { text: { key: 'reflection.none' } } })
  })

  it('ends when its caller gives up', async () => {
    await expect(reflectIdl(pool, { address: peer.grpc }, AbortSignal.abort())).rejects.toMatchObject({ data: { code: 'cancelled' } })
  })
})

const python = grpcioMissing()
describe.skipIf(python !== undefined)(python === undefined ? 'reflection of grpcio' : `reflection of grpcio is skipped: ${python}`, () => {
  let peer: Awaited<ReturnType<typeof startGrpcioServer>>
  beforeAll(async () => {
    peer = await startGrpcioServer()
  }, buildPatienceMs)
  afterAll(() => peer.stop())

  it('falls back on v1alpha, the only one that it has', async () => {
    expectPeerService(await reflected(peer.grpc))
  })
})

/** What grpc-js loads `.proto` files with; it brings it along. */
interface ProtoLoader {
  readonly loadSync: (file: string, options: object) => ConstructorParameters<typeof ReflectionService>[0]
}

describe('reflection of @grpc/reflection', () => {
  const { loadSync } = createRequire(import.meta.resolve('@grpc/grpc-js'))('@grpc/proto-loader') as ProtoLoader
  const definition = loadSync('peer.proto', { includeDirs: [grpcIdlFolder], longs: String, keepCase: true })
  const start = async (reflection: typeof definition): Promise<{ readonly address: string; stop(): void }> => {
    const server = new Server()
    new ReflectionService(reflection).addToServer(server)
    const port = await new Promise<number>((resolve, reject) => server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error))))
    return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() }
  }

  it('links the same service', async () => {
    const { address, stop } = await start(definition)
    expectPeerService(await reflected(address))
    stop()
  })

  it('links a file whose imports the server dropped', async () => {
    const { address, stop } = await start(loadSync('orders.proto', { includeDirs: [dirname(ordersProto)], longs: String }))
    const set = await reflected(address)
    stop()
    const order = Object.values(set.structs).find(({ proto }) => proto?.fullName === 'shop.v1.Order')
    expect([set.diagnostics, order?.fields.find(({ name }) => name === 'placedAt')?.type.written]).toEqual([[], 'google.protobuf.Timestamp'])
  })
})

const kitex = kitexMissing()
describe.skipIf(kitex !== undefined)(kitex === undefined ? 'reflection of Kitex' : `reflection of Kitex is skipped: ${kitex}`, () => {
  let peer: Awaited<ReturnType<typeof startKitexServer>>
  beforeAll(async () => {
    peer = await startKitexServer()
  }, buildPatienceMs)
  afterAll(() => peer.stop())

  it('says that Kitex has none, by its status 20, and offers the IDL', async () => {
    await expect(reflected(peer.thrift)).rejects.toMatchObject({ data: { code: 'idl', text: { key: 'reflection.kitexHasNone' }, hint: { key: 'reflection.giveIdl' }, cause: { exception: { typeId: 20 } } } })
  })
})

describe('a server that does not answer', () => {
  it('is given up at the deadline', async () => {
    const servers = new FaultServers()
    await expect(reflectIdl(pool, { address: await servers.start('silent'), timeoutMs: 200 }, never)).rejects.toMatchObject({ data: { code: 'rpc_timeout', text: { key: 'reflection.timedOut' } } })
    await servers.stop()
  })

  it('is not there', async () => {
    await expect(reflected('127.0.0.1:1')).rejects.toMatchObject({ data: { code: 'get_connection' } })
  })
})

it('reads the addresses that stand for an IDL path', async () => {
  const { reflectionPath } = await import('../../src-main/engine/reflection/source.ts')
  expect(['grpc-reflection://127.0.0.1:80', 'reflect:[::1]:80', 'reflect:', join('idl', 'a.proto')].map(reflectionPath)).toEqual([{ address: '127.0.0.1:80', unknown: [] }, { address: '[::1]:80', unknown: [] }, { unknown: [] }, undefined])
  expect(() => reflectionPath('grpc-reflection://nowhere')).toThrow('reflection.badAddress')
  expect(() => reflectionPath('grpc-reflection://127.0.0.1:80?key=a.pem')).toThrow('reflection.unknownWord')
})
