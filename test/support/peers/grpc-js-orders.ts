// grpc-js as a server of one small service in this process, messages by protobufjs: unary, an error with the details of google.rpc.Status, a stream,
// and a reply as large as one likes. In plaintext, over TLS where a certificate is given, and described by `@grpc/reflection` where that is asked.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import protobuf from 'protobufjs'

/** Service `shop.v1.Orders`. */
export const ordersProto = resolve(import.meta.dirname, '../../fixtures/shop/orders.proto')

export interface OrdersServer {
  readonly address: string
  /** Where a certificate was given. */
  readonly tls: string
  close(): void
}

/** The order that nobody has. */
export const missingOrder = 404

interface ProtoLoader {
  readonly loadSync: (file: string, options: object) => ConstructorParameters<typeof ReflectionService>[0]
}

const statusProto = `syntax = "proto3"; package google.rpc;
message Any { string type_url = 1; bytes value = 2; }
message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }`

export async function startOrdersServer({ certificate, reflects = false }: { readonly certificate?: { readonly cert: string; readonly key: string }; readonly reflects?: boolean } = {}): Promise<OrdersServer> {
  const { loadSync } = createRequire(import.meta.resolve('@grpc/grpc-js'))('@grpc/proto-loader') as ProtoLoader
  const definition = loadSync('orders.proto', { includeDirs: [dirname(ordersProto)], longs: String, oneofs: true })
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1 })
  server.addService(definition['shop.v1.Orders'] as grpc.ServiceDefinition, {
    Get: (call: grpc.ServerUnaryCall<{ readonly orderId?: string }, object>, done: grpc.sendUnaryData<object>) => {
      const id = call.request.orderId ?? '0'
      if (id === String(missingOrder)) done({ code: grpc.status.NOT_FOUND, details: `no order ${id}`, metadata: detailsOf(id) })
      else done(null, orderOf(id), metadata('x-shelf', 'b7'))
    },
    Watch: (call: grpc.ServerWritableStream<{ readonly orderId?: string }, object>) => {
      for (const n of [1, 2, 3]) call.write(orderOf(String(n)))
      call.end()
    },
    Picture: (call: grpc.ServerUnaryCall<{ readonly bytes?: number }, object>, done: grpc.sendUnaryData<object>) => done(null, { data: Buffer.alloc(call.request.bytes ?? 0, 7) }),
  })
  if (reflects) new ReflectionService(definition).addToServer(server)
  const bind = (credentials: grpc.ServerCredentials): Promise<string> => new Promise((done, failed) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error === null ? done(`127.0.0.1:${port}`) : failed(error)))
  })
  const address = await bind(grpc.ServerCredentials.createInsecure())
  const tls = certificate === undefined ? '' : await bind(grpc.ServerCredentials.createSsl(null, [{ cert_chain: readFileSync(certificate.cert), private_key: readFileSync(certificate.key) }]))
  return { address, tls, close: () => server.forceShutdown() }
}

const orderOf = (orderId: string): object => ({ orderId, customer: 'Ada', placedAt: { seconds: '1706704200', nanos: 0 }, items: { tea: 2 } })

function metadata(key: string, value: string | Buffer): grpc.Metadata {
  const pairs = new grpc.Metadata()
  pairs.set(key, value)
  return pairs
}

function detailsOf(id: string): grpc.Metadata {
  const { root } = protobuf.parse(statusProto)
  const [status, info] = [root.lookupType('google.rpc.Status'), root.lookupType('google.rpc.ErrorInfo')]
  const value = info.encode({ reason: 'NO_SUCH_ORDER', domain: 'shop', metadata: { order: id } }).finish()
  return metadata('grpc-status-details-bin', Buffer.from(status.encode({ code: grpc.status.NOT_FOUND, message: `no order ${id}`, details: [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value }] }).finish()))
}
