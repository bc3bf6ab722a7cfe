// Some servers (`@grpc/reflection` over protobufjs) give a file with all that it imports and drop the imports themselves. The first file of an
// answer that imports nothing, and came with others, is given them back. A message of Protobuf may be appended to, so it stays as it is.

import type { ReflectedFile } from './messages.ts'

/** FileDescriptorProto.dependency: field 3, of bytes. */
const dependencyTag = 0x1a

/** The files of one answer: that which was asked for, and then what it needs. */
export function withLostImports([asked, ...needed]: readonly ReflectedFile[]): readonly ReflectedFile[] {
  if (asked === undefined) return []
  if (asked.imports.length > 0 || needed.length === 0) return [asked, ...needed]
  const imports = needed.map(({ name }) => name).filter((name) => name !== asked.name)
  return [{ ...asked, imports, bytes: Buffer.concat([asked.bytes, ...imports.map(dependency)]) }, ...needed]
}

function dependency(path: string): Buffer {
  const text = Buffer.from(path)
  const length = text.length < 128 ? [text.length] : [(text.length & 127) | 128, text.length >> 7]
  return Buffer.concat([Buffer.from([dependencyTag, ...length]), text])
}
