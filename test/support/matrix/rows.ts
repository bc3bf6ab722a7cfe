// The matrix of protocols as data: who is called, how, and what stands for success, failure and slowness there. Peers are started by the test; a row
// names the one it needs.

import type { CallRequestInput } from '../../../shared/model/call.ts'
import type { Outcome } from '../../../shared/model/call.ts'
import type { MethodKind } from '../../../shared/model/idl.ts'
import type { CodecName, TransportName } from '../../../shared/model/protocol.ts'

export type PeerName = 'Kitex' | 'Kitex (Protobuf)' | 'Apache Thrift, Node' | 'Apache Thrift, Python' | 'Apache Thrift, Go' | 'grpc-go' | 'grpcio' | 'connect-go' | 'Hertz' | 'kite.js' | 'jayson'

/** One call of a row. */
export interface Ask {
  readonly method: string
  readonly body: string
  /** The stream's input stays open after these messages. */
  readonly isOpen?: true
}

export interface Row {
  readonly transport: TransportName
  readonly codec: CodecName
  readonly peer: PeerName
  readonly kind: MethodKind
  /** IDL files; none: no IDL describes the call. */
  readonly idl: readonly string[]
  /** Which of the peer's addresses. */
  readonly at: string
  readonly more?: Partial<CallRequestInput>
  /** With what comes back: the reply's text, or how many messages. */
  readonly ok: Ask & { readonly response?: string; readonly received?: number }
  readonly error?: Ask & { readonly outcome: Outcome }
  /** Answers later than anybody waits. */
  readonly slow?: Ask
}

const kitexThrift = 'test/peers/kitex/idl/peer.thrift'
const kitexStreams = 'test/peers/kitex/idl/streams.thrift'
const kitexProto = 'test/peers/kitex/idl/peerpb.proto'
const apache = 'test/peers/apache/apache.thrift'
const grpc = 'test/peers/grpc-go/idl/peer.proto'
const hertz = 'test/peers/hertz/idl/gateway.thrift'

const kitexUnary: Pick<Row, 'kind' | 'idl' | 'ok' | 'error' | 'slow'> = {
  kind: 'unary', idl: [kitexThrift],
  ok: { method: 'Peer/Say', body: '"hi"', response: '"hi"' }, error: { method: 'Peer/Throw', body: '7', outcome: 'exception' }, slow: { method: 'Peer/Sleep', body: '5000' },
}
const kitexOneway: Pick<Row, 'kind' | 'idl' | 'ok'> = { kind: 'oneway', idl: [kitexThrift], ok: { method: 'Peer/Fire', body: '"gone"' } }

const pbUnary: Pick<Row, 'kind' | 'idl' | 'ok' | 'error' | 'slow'> = {
  kind: 'unary', idl: [kitexProto],
  ok: { method: 'PbPeer/Say', body: '{"text":"hi"}', response: '{"text":"hi"}' }, error: { method: 'PbPeer/Fail', body: '{"text":"why"}', outcome: 'failed' }, slow: { method: 'PbPeer/Sleep', body: '{"number":5000}' },
}

/** Kitex's streaming handlers do what the plan in the first message says, in Thrift and Protobuf alike. */
function kitexStreaming(service: string, idl: string): readonly Pick<Row, 'kind' | 'idl' | 'ok' | 'error' | 'slow'>[] {
  const failing = '{"text":"a","plan":{"end":"error"}}'
  return [
    { kind: 'client', idl: [idl], ok: { method: `${service}/Collect`, body: '{"text":"a","number":1}\n{"text":"b","number":2}', received: 1 }, error: { method: `${service}/Collect`, body: failing, outcome: 'failed' }, slow: { method: `${service}/Collect`, body: '{"text":"a"}', isOpen: true } },
    { kind: 'server', idl: [idl], ok: { method: `${service}/List`, body: '{"count":3,"text":"a"}', received: 3 }, error: { method: `${service}/List`, body: '{"count":1,"end":"error"}', outcome: 'failed' }, slow: { method: `${service}/List`, body: '{"count":1,"end":"wait"}' } },
    { kind: 'bidi', idl: [idl], ok: { method: `${service}/Chat`, body: '{"text":"a"}\n{"text":"b"}', received: 2 }, error: { method: `${service}/Chat`, body: failing, outcome: 'failed' }, slow: { method: `${service}/Chat`, body: '{"text":"a"}', isOpen: true } },
  ]
}

const apacheUnary: Pick<Row, 'kind' | 'idl' | 'ok' | 'error' | 'slow'> = {
  kind: 'unary', idl: [apache],
  ok: { method: 'Apache/Add', body: '{"a":1,"b":2}', response: '3' }, error: { method: 'Apache/Throw', body: '7', outcome: 'exception' }, slow: { method: 'Apache/Sleep', body: '3000' },
}

const grpcPeer: readonly Pick<Row, 'kind' | 'idl' | 'ok' | 'error' | 'slow'>[] = [
  { kind: 'unary', idl: [grpc], ok: { method: 'Peer/Echo', body: '{"text":"hi"}', response: '{"text":"hi"}' }, error: { method: 'Peer/Fail', body: '{"code":5,"message":"gone"}', outcome: 'failed' }, slow: { method: 'Peer/Sleep', body: '{"ms":5000}' } },
  { kind: 'client', idl: [grpc], ok: { method: 'Peer/Sum', body: '{"value":1} {"value":2}', response: '{"sum":3,"count":2}' }, error: { method: 'Peer/Sum', body: '{"value":-1}', outcome: 'failed' }, slow: { method: 'Peer/Sum', body: '{"value":1}', isOpen: true } },
  { kind: 'server', idl: [grpc], ok: { method: 'Peer/Count', body: '{"count":3}', received: 3 }, error: { method: 'Peer/Count', body: '{"count":3,"failAfter":2}', outcome: 'failed' }, slow: { method: 'Peer/Count', body: '{"count":1000,"everyMs":100}' } },
  { kind: 'bidi', idl: [grpc], ok: { method: 'Peer/Chat', body: '{"text":"a"} {"text":"b"}', received: 2 }, error: { method: 'Peer/Chat', body: '{"text":"fail"}', outcome: 'failed' }, slow: { method: 'Peer/Chat', body: '{"text":"a"}', isOpen: true } },
]

const connectKinds = grpcPeer.filter(({ kind }) => kind === 'unary' || kind === 'server')

/** In the order of the table. */
export const rows: readonly Row[] = [
  ...(['ttheader-framed', 'ttheader', 'framed', 'buffered'] as const).flatMap((transport): Row[] => [
    { transport, codec: 'thrift-binary', peer: 'Kitex', at: 'thrift', ...kitexUnary }, { transport, codec: 'thrift-binary', peer: 'Kitex', at: 'thrift', ...kitexOneway },
  ]),
  ...(['Node', 'Python', 'Go'] as const).flatMap((language) => (['framed', 'buffered'] as const).flatMap((transport) => (['binary', 'compact'] as const).map((form): Row => (
    { transport, codec: `thrift-${form}`, peer: `Apache Thrift, ${language}`, at: `${transport} ${form}`, ...apacheUnary })))),
  ...(['binary', 'compact'] as const).map((form): Row => ({ transport: 'http', codec: `thrift-${form}`, peer: 'Apache Thrift, Node', at: 'http', more: { http: { path: `/${form}` } }, ...apacheUnary })),
  ...(['ttheader-framed', 'framed'] as const).map((transport): Row => ({ transport, codec: 'protobuf', peer: 'Kitex (Protobuf)', at: 'pb', ...pbUnary })),
  { transport: 'grpc', codec: 'protobuf', peer: 'Kitex (Protobuf)', at: 'pb', ...pbUnary },
  ...kitexStreaming('PbPeer', kitexProto).map((row): Row => ({ transport: 'grpc', codec: 'protobuf', peer: 'Kitex (Protobuf)', at: 'pb', ...row })),
  ...(['grpc-go', 'grpcio'] as const).flatMap((peer) => grpcPeer.map((row): Row => ({ transport: 'grpc', codec: 'protobuf', peer, at: 'grpc', ...row }))),
  { transport: 'grpc', codec: 'thrift-binary', peer: 'Kitex', at: 'thrift', ...kitexUnary },
  ...kitexStreaming('Streams', kitexStreams).map((row): Row => ({ transport: 'grpc', codec: 'thrift-binary', peer: 'Kitex', at: 'thrift', ...row })),
  ...kitexStreaming('Streams', kitexStreams).map((row): Row => ({ transport: 'ttheader-streaming', codec: 'thrift-binary', peer: 'Kitex', at: 'thrift', ...row })),
  ...(['grpc-web', 'connect'] as const).flatMap((transport) => (['protobuf', 'json'] as const).flatMap((codec) => connectKinds.map((row): Row => ({ transport, codec, peer: 'connect-go', at: 'connect', ...row })))),
  {
    transport: 'http', codec: 'json', peer: 'Hertz', at: 'http', kind: 'unary', idl: [hertz],
    ok: { method: 'Gateway/GetUser', body: '{"id":7}' }, error: { method: 'Gateway/Fail', body: '{"status":409}', outcome: 'failed' }, slow: { method: 'Gateway/Sleep', body: '{"ms":5000}' },
  },
  {
    transport: 'http', codec: 'json', peer: 'Hertz', at: 'http', kind: 'unary', idl: [],
    ok: { method: 'GET /users/7', body: '' }, error: { method: 'GET /fail?status=409', body: '', outcome: 'failed' }, slow: { method: 'GET /sleep?ms=5000', body: '' },
  },
  {
    transport: 'jsonrpc-ws', codec: 'json', peer: 'kite.js', at: 'sockjs', kind: 'unary', idl: [], more: { http: { dialect: 'kite', path: '/kite' } },
    ok: { method: 'square', body: '[12]', response: '144' }, error: { method: 'fail', body: '', outcome: 'failed' }, slow: { method: 'silent', body: '' },
  },
  {
    transport: 'jsonrpc-ws', codec: 'json', peer: 'jayson', at: 'websocket', kind: 'unary', idl: [],
    ok: { method: 'add', body: '[1, 2]', response: '3' }, error: { method: 'fail', body: '[]', outcome: 'failed' }, slow: { method: 'slow', body: '[]' },
  },
]
