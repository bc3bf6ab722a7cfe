// What the rest of the engine takes from the codecs.

export { createThriftBinary, type ThriftBinaryOptions } from './thrift/thrift-binary.ts'
export { createMessageMeter, measureMessage } from './thrift/measure.ts'
export { exceptionTypeName } from './thrift/application-exception.ts'
