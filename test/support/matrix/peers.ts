// The peers of the matrix, started together, and why one of them may be missing on a machine. In CI none may.

import { apacheMissing, startApacheServer } from '../peers/apache.ts'
import { apacheGoMissing, startApacheGoServer } from '../peers/apache-go.ts'
import { apachePythonMissing, startApachePythonServer } from '../peers/apache-python.ts'
import { grpcGoMissing, startGrpcGoServer } from '../peers/grpc-go.ts'
import { grpcioMissing, startGrpcioServer } from '../peers/grpcio.ts'
import { hertzMissing, startHertz } from '../peers/hertz.ts'
import { startJayson } from '../peers/jayson.ts'
import { kitexMissing, startKitexServer } from '../peers/kitex.ts'
import { startKiteJs } from '../peers/kite-js.ts'
import type { PeerName } from './rows.ts'

/** A peer that runs: its addresses by name. */
export interface MatrixPeer {
  addressOf(at: string): string
  stop(): Promise<void>
}

interface Maker {
  readonly missing: () => string | undefined
  readonly start: () => Promise<MatrixPeer>
}

const never = (): undefined => undefined
type Named = { stop(): Promise<void> }

/** The addresses are members of the server. */
const byMember = async (server: Promise<Named>): Promise<MatrixPeer> => {
  const running = await server
  const members = running as unknown as Readonly<Record<string, unknown>>
  return { addressOf: (at) => String(members[at]), stop: () => running.stop() }
}

type Form = 'binary' | 'compact'
const isFramed = (at: string): 'framed' | 'buffered' => (at.startsWith('framed') ? 'framed' : 'buffered')
const formOf = (at: string): Form => (at.endsWith('compact') ? 'compact' : 'binary')

export const makers: Readonly<Record<PeerName, Maker>> = {
  Kitex: { missing: kitexMissing, start: () => byMember(startKitexServer()) },
  'Kitex (Protobuf)': { missing: kitexMissing, start: () => byMember(startKitexServer()) },
  'Apache Thrift, Node': {
    missing: apacheMissing,
    start: async () => {
      const server = await startApacheServer()
      return { addressOf: (at) => (at === 'http' ? server.http.address : server.addressOf(isFramed(at), formOf(at))), stop: () => server.stop() }
    },
  },
  'Apache Thrift, Python': {
    missing: apachePythonMissing,
    start: async () => {
      const server = await startApachePythonServer()
      return { addressOf: (at) => server.addressOf(isFramed(at), formOf(at)), stop: () => server.stop() }
    },
  },
  'Apache Thrift, Go': {
    missing: apacheGoMissing,
    start: async () => {
      const server = await startApacheGoServer()
      return { addressOf: (at) => server.addressOf(isFramed(at), formOf(at)), stop: () => server.stop() }
    },
  },
  'grpc-go': { missing: grpcGoMissing, start: () => byMember(startGrpcGoServer()) },
  'connect-go': { missing: grpcGoMissing, start: () => byMember(startGrpcGoServer()) },
  grpcio: { missing: grpcioMissing, start: () => byMember(startGrpcioServer()) },
  Hertz: { missing: hertzMissing, start: () => byMember(startHertz()) },
  'kite.js': { missing: never, start: () => byMember(startKiteJs()) },
  jayson: { missing: never, start: () => byMember(startJayson()) },
}
