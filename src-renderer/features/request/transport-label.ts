// Names of transports and codecs as their people write them.

import type { Translator } from '../../../shared/i18n/translate.ts'
import type { ProbeSubject } from '../../../shared/model/probe.ts'

const names: Readonly<Record<string, string>> = {
  buffered: 'Buffered', framed: 'Framed', ttheader: 'TTHeader', 'ttheader-framed': 'TTHeaderFramed', grpc: 'gRPC', 'ttheader-streaming': 'TTHeader Streaming',
  http: 'HTTP', 'grpc-web': 'gRPC-Web', connect: 'Connect', 'jsonrpc-ws': 'JSON-RPC / WebSocket',
}
const codecs: Readonly<Record<string, string>> = { 'thrift-binary': 'Thrift Binary', 'thrift-compact': 'Thrift Compact', protobuf: 'Protobuf', json: 'JSON' }

export const transportLabel = (transport: string, t: Translator['t']): string => (transport === 'auto' ? t('app.transport.auto') : (names[transport] ?? transport))
export const codecLabel = (codec: string): string => codecs[codec] ?? codec

const subjects: Readonly<Partial<Record<ProbeSubject, string>>> = {
  tls: 'TLS', 'framed-compact': 'Framed · Compact', 'buffered-compact': 'Buffered · Compact', 'ttheader-framed-protobuf': 'TTHeaderFramed · PB', 'framed-protobuf': 'Framed · PB', http2: 'HTTP/2', http: 'HTTP/1.1',
  websocket: 'WebSocket',
}

/** What a probe asks about, in the same names as the choices. */
export const subjectLabel = (subject: ProbeSubject, t: Translator['t']): string => (subject === 'mux-only' ? t('app.probe.muxOnly') : subjects[subject] ?? names[subject] ?? subject)
