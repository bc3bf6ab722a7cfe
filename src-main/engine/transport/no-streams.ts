// What the framed transports answer to a wish for a stream: one message each way is all they carry.

import { fail } from '../../../shared/base/error.ts'
import type { Capabilities, MessageStream, StreamOpening } from './transport.ts'

export const oneMessageOnly: Capabilities = { exchange: true, streams: false, halfClose: false, flowControl: false }

/** Rejects with KiteError of code `unsupported`. */
export const noStreams = ({ transport, route }: StreamOpening): Promise<MessageStream> => (
  Promise.reject(fail('unsupported', 'frame', 'transport.noStreams', { transport, method: `${route.service}/${route.method}` })))
