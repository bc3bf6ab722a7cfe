// One message each way in envelopes: the reply has to be exactly one message and an end.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { compressorOf } from '../compress/compress.ts'
import type { HttpLease, HttpReply, HttpRequestParts } from '../http/types.ts'
import { noHeader, type CallRoute, type Captured, type Exchange, type ExchangeOptions, type HeaderInfo, type OutgoingMessage } from '../transport.ts'
import { envelopedCaptured } from './captured.ts'
import { writeEnvelope } from './envelope-reader.ts'
import { EnvelopedReply, type EnvelopeRules } from './enveloped-reply.ts'

export interface EnvelopedExchange {
  readonly lease: HttpLease
  readonly message: OutgoingMessage
  readonly route: CallRoute
  readonly options: ExchangeOptions
  readonly rules: EnvelopeRules
  readonly request: (body: Buffer) => HttpRequestParts
}

/** Sends the request and reads the reply to its end. */
export async function envelopedExchange({ lease, message, route, options, rules, request }: EnvelopedExchange, signal: AbortSignal): Promise<Exchange> {
  const compressor = route.compress === 'none' ? undefined : await compressorOf(route.compress)
  const body = compressor === undefined ? message.message : compressor.compress(message.message)
  const http = await lease.request(request(writeEnvelope(body, compressor !== undefined)), signal, captureOf(options))
  const reply = new EnvelopedReply(http, { rules, maxMessageBytes: options.maxFrameBytes, method: `${route.service}/${route.method}` })
  const { header, trailer, messages, fault } = await readAll(reply, message)
  const captured = http.captured()
  const received = withMessage(envelopedCaptured(captured.received, reply.decompressed), messages[0])
  return {
    ...sentOf(http, message.message),
    reply: {
      transport: message.transport, header, trailer: trailer.strings, message: messages[0] ?? Buffer.alloc(0), raw: received.bytes, rawBytes: http.lengths().received, messageOffset: 0, captured: received,
      ...(fault === undefined ? {} : { fault }),
    },
    marks: http.marks(),
  }
}

/** A message that lies in pieces which nobody joined stands beside the bytes. */
const withMessage = (captured: Captured, message: Buffer | undefined): Captured => (
  message === undefined || captured.messages.length > 0 || captured.bytes.length === 0 ? captured : { ...captured, messages: [{ start: 0, end: captured.bytes.length, message }] })

/** What an exchange over HTTP keeps of its bytes. */
export const captureOf = ({ capture }: ExchangeOptions): { readonly captureBytes?: number } => (capture === false ? { captureBytes: 0 } : {})

function sentOf(http: HttpReply, message: Buffer): Pick<Exchange, 'sent' | 'sentBytes' | 'sentCaptured'> {
  const sentCaptured = envelopedCaptured(http.captured().sent, [message])
  return { sent: sentCaptured.bytes, sentBytes: http.lengths().sent, sentCaptured }
}

interface Read {
  readonly header: HeaderInfo
  readonly trailer: HeaderInfo
  readonly messages: readonly Buffer[]
  readonly fault: ErrorData | undefined
}

async function readAll(reply: EnvelopedReply, { route }: OutgoingMessage): Promise<Read> {
  const messages: Buffer[] = []
  let [header, trailer] = [noHeader, noHeader]
  let fault: ErrorData | undefined
  for (let parts = await reply.next(); parts.length > 0; parts = await reply.next()) {
    for (const part of parts) {
      if (part.kind === 'message') messages.push(part.message)
      else if (part.kind === 'header') header = part.header
      else {
        trailer = part.header
        fault = part.fault
      }
    }
    if (messages.length > 1) throw fail('protocol', 'remote', 'grpc.twoMessages', { method: route?.method ?? '' })
  }
  if (fault === undefined && messages.length === 0) fault = fail('protocol', 'remote', 'grpc.noMessage', { method: route?.method ?? '' }).data
  return { header, trailer, messages, fault }
}
