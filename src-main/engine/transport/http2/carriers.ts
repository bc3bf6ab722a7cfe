// Who speaks a protocol on an HTTP/2 connection: the pools know none of them.

import { fail } from '../../../../shared/base/error.ts'
import type { Exchange, ExchangeOptions, OutgoingMessage, StreamOpening, TransportName } from '../transport.ts'
import type { Http2Connection } from './connection.ts'
import type { BeginningStream } from './restarting-stream.ts'

/** One protocol on HTTP/2. */
export interface Carrier {
  exchange(connection: Http2Connection, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange>
  open(connection: Http2Connection, opening: StreamOpening, signal: AbortSignal): Promise<BeginningStream>
}

export type Carriers = Readonly<Partial<Record<TransportName, Carrier>>>

/** The carrier of a transport. Throws KiteError of code `unsupported` where there is none. */
export function carrierOf(carriers: Carriers, transport: TransportName): Carrier {
  const found = carriers[transport]
  if (found === undefined) throw fail('unsupported', 'connection', 'http2.noCarrier', { transport })
  return found
}
