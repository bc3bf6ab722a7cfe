// Files of google.protobuf.FileDescriptorSet, as `protoc --descriptor_set_out` and `buf build` write them.

import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js'

/** The files of a set; undefined for bytes that are none. Reading them needs no more memory than a few times their length. */
export function readDescriptorSet(bytes: Uint8Array): readonly FileDescriptorProto[] | undefined {
  try {
    const { file } = fromBinary(FileDescriptorSetSchema, bytes)
    return file.length > 0 && file.every(({ name }) => name !== '') ? file : undefined
  } catch {
    return undefined
  }
}
