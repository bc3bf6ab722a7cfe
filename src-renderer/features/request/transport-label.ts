// Names of transports and codecs as their people write them.

import type { Translator } from '../../../shared/i18n/translate.ts'

const names: Readonly<Record<string, string>> = {
  buffered: 'Buffered', framed: 'Framed', ttheader: 'TTHeader', 'ttheader-framed': 'TTHeaderFramed', grpc: 'gRPC', 'ttheader-streaming': 'TTHeader Streaming',
  http: 'HTTP', 'grpc-web': 'gRPC-Web', connect: 'Connect', 'jsonrpc-ws': 'JSON-RPC / WebSocket',
}
const codecs: Readonly<Record<string, string>> = { 'thrift-binary': 'Thrift Binary', 'thrift-compact': 'Thrift Compact', protobuf: 'Protobuf', json: 'JSON' }

export const transportLabel = (transport: string, t: Translator['t']): string => (transport === 'auto' ? t('app.transport.auto') : (names[transport] ?? transport))
export const codecLabel = (codec: string): string => codecs[codec] ?? codec
