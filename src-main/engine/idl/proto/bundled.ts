// Files that every program of Protobuf has at hand: they are imported without being on anybody's disk. Google's own come from the
// descriptors of @bufbuild/protobuf; google/rpc and google/api, which gRPC services import, from short texts of our own.

import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js'

/** What a bundled file is: its descriptor, or its text. */
export type Bundled = { readonly kind: 'descriptor'; readonly proto: FileDescriptorProto } | { readonly kind: 'text'; readonly text: string }

const descriptor = (proto: FileDescriptorProto): Bundled => ({ kind: 'descriptor', proto })

// Each is loaded when it is asked for: most sets need one or two, and descriptor.proto for options.
const loaders: Readonly<Record<string, () => Promise<Bundled>>> = {
  'google/protobuf/any.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/any_pb.js')).file_google_protobuf_any.proto),
  'google/protobuf/api.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/api_pb.js')).file_google_protobuf_api.proto),
  'google/protobuf/compiler/plugin.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/compiler/plugin_pb.js')).file_google_protobuf_compiler_plugin.proto),
  'google/protobuf/cpp_features.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/cpp_features_pb.js')).file_google_protobuf_cpp_features.proto),
  'google/protobuf/descriptor.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/descriptor_pb.js')).file_google_protobuf_descriptor.proto),
  'google/protobuf/duration.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/duration_pb.js')).file_google_protobuf_duration.proto),
  'google/protobuf/empty.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/empty_pb.js')).file_google_protobuf_empty.proto),
  'google/protobuf/field_mask.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/field_mask_pb.js')).file_google_protobuf_field_mask.proto),
  'google/protobuf/go_features.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/go_features_pb.js')).file_google_protobuf_go_features.proto),
  'google/protobuf/java_features.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/java_features_pb.js')).file_google_protobuf_java_features.proto),
  'google/protobuf/source_context.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/source_context_pb.js')).file_google_protobuf_source_context.proto),
  'google/protobuf/struct.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/struct_pb.js')).file_google_protobuf_struct.proto),
  'google/protobuf/timestamp.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/timestamp_pb.js')).file_google_protobuf_timestamp.proto),
  'google/protobuf/type.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/type_pb.js')).file_google_protobuf_type.proto),
  'google/protobuf/wrappers.proto': async () => descriptor((await import('@bufbuild/protobuf/wkt/google/protobuf/wrappers_pb.js')).file_google_protobuf_wrappers.proto),
}

const texts = (): Promise<Readonly<Record<string, string>>> => import('./google-texts.ts').then(({ googleTexts }) => googleTexts)

/** True for Google's own types: their meaning is fixed, so a copy on a disk is not looked for. */
export const isFixed = (path: string): boolean => Object.hasOwn(loaders, path)

/** The file of that import path; undefined where none is bundled. */
export async function bundled(path: string): Promise<Bundled | undefined> {
  if (isFixed(path)) return loaders[path]?.()
  if (!path.startsWith('google/')) return undefined
  const text = (await texts())[path]
  return text === undefined ? undefined : { kind: 'text', text }
}

/** Import paths of everything bundled, for suggestions. */
export const bundledPaths: readonly string[] = Object.keys(loaders)

/** The descriptor of the options themselves. */
export const optionsFile = 'google/protobuf/descriptor.proto'
