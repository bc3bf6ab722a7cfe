// A stream of a server by Connect: envelopes both ways, and at the end a JSON document with the error and the trailers.

import { fail } from '../../../../shared/base/error.ts'
import { isRecord } from '../../../../shared/base/is-record.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { compressorOf } from '../compress/compress.ts'
import { type Ending, type EnvelopeRules, metadataOf } from '../grpc-web/enveloped-reply.ts'
import { EnvelopedStream } from '../grpc-web/enveloped-stream.ts'
import { headerOf, type HttpLease } from '../http/types.ts'
import type { MessageStream, StreamOpening } from '../transport.ts'
import { faultOfDocument, faultOfReply, parsed } from './connect-error.ts'
import { connectRequest } from './connect-request.ts'

/** Opens a stream of one request message. */
export async function openConnectStream(lease: HttpLease, opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
  const { route, header } = opening
  const request = (body: Buffer): ReturnType<typeof connectRequest> => connectRequest(route, header, body, true)
  // What cannot be sent is said before anything is.
  request(Buffer.alloc(0))
  const compressor = route.compress === 'none' ? undefined : await compressorOf(route.compress)
  return new EnvelopedStream({ lease, opening, rules: connectRules, compressor, request }, signal)
}

export const connectRules: EnvelopeRules = {
  endFlag: 0x02,
  encodingHeader: 'connect-content-encoding',
  kindOf: ({ status, headers }) => (status === 200 && /^application\/connect\+/i.test(headerOf(headers, 'content-type') ?? '') ? 'envelopes' : undefined),
  refusal: ({ status, headers }, body, method) => {
    if (status !== 200) return { trailer: [], fault: faultOfReply(status, body, method) }
    return { trailer: [], fault: fail('protocol', 'remote', 'connect.other', { type: headerOf(headers, 'content-type') ?? '-' }, { hint: { key: 'connect.otherHint' } }).data }
  },
  ending,
  missing: () => ({ trailer: [], fault: fail('protocol', 'remote', 'connect.noEnd', {}, { hint: { key: 'grpc.statusMissingHint' } }).data }),
}

/** `{"error": {…}, "metadata": {"name": ["value"]}}`; both may be absent. */
function ending(content: Buffer, method: string): Ending {
  const document = parsed(content)
  if (!isRecord(document)) return { trailer: [], fault: fail('protocol', 'remote', 'connect.endMalformed', { text: content.toString('utf8', 0, 200) }).data }
  const trailer = trailersOf(document['metadata'])
  if (document['error'] === undefined || document['error'] === null) return { trailer }
  const fault = faultOfDocument(document['error'], method) ?? fail('protocol', 'remote', 'connect.endMalformed', { text: content.toString('utf8', 0, 200) }).data
  return { trailer, fault }
}

function trailersOf(metadata: unknown): readonly Pair[] {
  if (!isRecord(metadata)) return []
  return metadataOf(Object.entries(metadata).flatMap(([name, values]) => (Array.isArray(values) ? values.map((value): Pair => [name, typeof value === 'string' ? value : JSON.stringify(value)]) : [])))
}
