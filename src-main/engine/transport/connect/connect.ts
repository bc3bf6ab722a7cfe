// The Connect protocol as HTTP leases take it. Source: connectrpc.com "Connect Protocol Reference".

import type { HttpProtocol } from '../http/types.ts'
import { openConnectStream } from './connect-stream.ts'
import { connectExchange } from './connect-unary.ts'

export const connect: HttpProtocol = { exchange: connectExchange, open: openConnectStream }
