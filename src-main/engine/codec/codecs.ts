// The payload codecs by name, each loaded when it is first asked for: a Thrift call must not pay for Protobuf. One line a codec.

import type { CodecName, CodecOptions, PayloadCodec } from './codec.ts'

/** Makes the codec of that name. */
export function createCodec(name: CodecName, options: CodecOptions = {}): Promise<PayloadCodec> {
  return makers[name](options)
}

const makers: Readonly<Record<CodecName, (options: CodecOptions) => Promise<PayloadCodec>>> = {
  'thrift-binary': async (options) => (await import('./thrift/thrift-binary.ts')).createThriftBinary(options),
  'thrift-compact': async (options) => (await import('./thrift/thrift-compact.ts')).createThriftCompact(options),
  protobuf: async (options) => (await import('./protobuf/protobuf.ts')).createProtobuf(options),
  json: async (options) => (await import('./json/json.ts')).createJson(options),
}
