// What others ask of Protobuf IDLs beside loading files: a set from descriptors, as server reflection gets them.

import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js'
import type { IdlSet } from '../../../../shared/model/idl.ts'
import { Findings } from '../diagnostics.ts'
import { readFromDisk } from '../read-from-disk.ts'
import { Sources } from '../sources.ts'
import { ProtoLoader } from './load.ts'

/**
 * The set of these files; imports are found by name among them, and bundled ones need not be there. Throws on bytes that are no
 * FileDescriptorProto. An import that is not among them is a diagnostic, and types from it stay without meaning.
 */
export async function idlSetFromDescriptors(files: readonly (FileDescriptorProto | Uint8Array)[]): Promise<IdlSet> {
  const protos = files.map((file) => (file instanceof Uint8Array ? fromBinary(FileDescriptorProtoSchema, file) : file))
  const findings = new Findings()
  const loader = new ProtoLoader(new Sources(findings, { read: readFromDisk, signal: undefined, confineTo: undefined }), findings, [])
  loader.addDescriptors(protos)
  await loader.loadImports()
  return { ...loader.link(), diagnostics: findings.sorted(new Map()) }
}
