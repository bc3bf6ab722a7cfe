// gRPC as the HTTP/2 pools take it.

import type { Carrier } from '../http2/carriers.ts'
import { grpcExchange } from './grpc-exchange.ts'
import { openGrpcStream } from './grpc-stream.ts'

export const grpcCarrier: Carrier = { exchange: grpcExchange, open: openGrpcStream }
