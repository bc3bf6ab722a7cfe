// What the rest of the engine takes from the codecs.

export { createThriftBinary } from './thrift/thrift-binary.ts'
export { createThriftCompact } from './thrift/thrift-compact.ts'
export { createMessageMeter, measureMessage } from './thrift/measure.ts'
