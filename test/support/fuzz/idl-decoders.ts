// What an IDL comes as, as fuzzed decoders: Thrift and Protobuf text, descriptor sets as files and as a server's reflection gives them, archives.

import { gzipSync } from 'node:zlib'
import { linkThrift } from '../../../src-main/engine/idl/thrift/link.ts'
import { parseThrift } from '../../../src-main/engine/idl/thrift/parse-document.ts'
import { FileScope } from '../../../src-main/engine/idl/thrift/scope.ts'
import { archiveKind, ArchiveError, readArchive } from '../../../src-main/engine/idl/archive/index.ts'
import { Findings } from '../../../src-main/engine/idl/diagnostics.ts'
import { readDescriptorSet } from '../../../src-main/engine/idl/proto/descriptor-set.ts'
import { ProtoLoader } from '../../../src-main/engine/idl/proto/load.ts'
import { parseProto } from '../../../src-main/engine/idl/proto/parse-document.ts'
import { toSourceText } from '../../../src-main/engine/idl/read-source.ts'
import { SourceFile } from '../../../src-main/engine/idl/source-file.ts'
import { Sources } from '../../../src-main/engine/idl/sources.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { tarOf, zipOf } from '../archives.ts'
import type { FuzzDecoder } from './decoder.ts'
import { fixture } from './fixtures.ts'

const absent = (): Promise<never> => Promise.reject(Object.assign(new Error('nothing else is read'), { code: 'ENOENT' }))

/** Every finding has a place and a code that the catalogue words; the first tells how the text ended. */
function told(findings: Findings): string | undefined {
  const [first] = findings.sorted(new Map()).filter(({ severity }) => severity === 'error')
  if (first !== undefined && (first.at.line < 1 || first.at.column < 1)) throw new Error(`a finding without a place: ${JSON.stringify(first)}`)
  return first?.text.key
}

/** Whatever the IDL is made of refers to what is there. */
function checkLinked({ structs, services }: Pick<IdlSet, 'structs' | 'services'>): void {
  for (const { methods } of services) {
    for (const { returns } of methods) if (returns.kind === 'struct' && structs[returns.id] === undefined) throw new Error(`no struct ${returns.id}`)
  }
}

/** A text of IDL in pieces of some hundred bytes, so that damage hits what matters. */
const piecesOf = (text: string, start: RegExp): readonly Buffer[] => text.split(start).filter((piece) => piece.length > 20 && piece.length < 1500).map((piece) => Buffer.from(piece))

function thriftText(): Promise<FuzzDecoder> {
  const samples = piecesOf(fixture('fixtures/idl/everything.thrift').toString(), /\n(?=(?:struct|union|exception|enum|const|service|typedef|include|namespace)\b)/)
  return Promise.resolve({
    samples,
    run: (bytes) => {
      const text = toSourceText(bytes)
      if (!text.ok) return text.code
      const [findings, source] = [new Findings(), new SourceFile('fuzz.thrift', text.text)]
      checkLinked(linkThrift([new FileScope(source, parseThrift(source, findings))], findings))
      return told(findings)
    },
  })
}

const protoFiles = ['codec3', 'codec2', 'codec2023', 'codec-bench'] as const
const heads: Readonly<Record<string, string>> = { codec2: 'syntax = "proto2";', codec2023: 'edition = "2023";' }

async function linkedProto(add: (loader: ProtoLoader) => void): Promise<string | undefined> {
  const findings = new Findings()
  const loader = new ProtoLoader(new Sources(findings, { read: absent, signal: undefined, confineTo: undefined }), findings, [])
  add(loader)
  await loader.loadImports()
  checkLinked(loader.link())
  return told(findings)
}

const protoSamples = (): readonly Buffer[] => protoFiles.flatMap((name) => (
    piecesOf(fixture(`fixtures/idl/proto/${name}.proto`).toString(), /\n(?=(?:message|enum|service|extend|import|option)\b)/).map((piece) => Buffer.from(`${heads[name] ?? 'syntax = "proto3";'}\n${piece.toString()}`))))

function protoText(): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: protoSamples(),
    run: (bytes) => {
      const text = toSourceText(bytes)
      if (!text.ok) return text.code
      const findings = new Findings()
      parseProto(new SourceFile('fuzz.proto', text.text), findings)
      return told(findings)
    },
  })
}

function protoLinked(): Promise<FuzzDecoder> {
  return Promise.resolve({
    samples: protoSamples(),
    // Every load reads descriptor.proto, which options are made of.
    cost: 20,
    run: (bytes) => {
      const text = toSourceText(bytes)
      return text.ok ? linkedProto((loader) => loader.addRoot(new SourceFile('/fuzz/fuzz.proto', text.text))) : text.code
    },
  })
}

function descriptorSet(): Promise<FuzzDecoder> {
  const whole = readDescriptorSetBytes()
  return Promise.resolve({
    samples: whole,
    cost: 20,
    mutation: { changes: 3 },
    run: (bytes) => {
      const files = readDescriptorSet(bytes)
      return files === undefined ? 'no set' : linkedProto((loader) => loader.addDescriptors(files))
    },
  })
}

/** A small set of its own: what is large is hardly ever hit where it matters. */
function readDescriptorSetBytes(): readonly Buffer[] {
  // file { name: "a.proto" package: "a" message_type { name: "M" field { name: "x" number: 1 label: 1 type: 11 type_name: ".a.M" } field { name: "e" number: 2 label: 3 type: 14 type_name: ".a.E" } }
  //   enum_type { name: "E" value { name: "ZERO" number: 0 } } service { name: "S" method { name: "Go" input_type: ".a.M" output_type: ".a.M" } } syntax: "proto3" }
  const text = (field: number, value: string): Buffer => Buffer.concat([Buffer.of(field * 8 + 2, value.length), Buffer.from(value)])
  const part = (field: number, ...parts: readonly Buffer[]): Buffer => {
    const content = Buffer.concat(parts)
    return Buffer.concat([Buffer.of(field * 8 + 2, ...(content.length < 128 ? [content.length] : [(content.length & 0x7f) | 0x80, content.length >> 7])), content])
  }
  const int = (field: number, value: number): Buffer => Buffer.of(field * 8, value)
  const field = (name: string, number: number, label: number, type: number, typeName: string): Buffer => part(2, text(1, name), int(3, number), int(4, label), int(5, type), text(6, typeName))
  const enumeration = part(5, text(1, 'E'), part(2, text(1, 'ZERO'), int(2, 0)))
  const service = part(6, text(1, 'S'), part(2, text(1, 'Go'), text(2, '.a.M'), text(3, '.a.M')))
  const nested = part(3, text(1, 'KEntry'), part(2, text(1, 'key'), int(3, 1), int(4, 1), int(5, 9)), part(2, text(1, 'value'), int(3, 2), int(4, 1), int(5, 5)), part(7, int(7, 1)))
  const message = part(4, text(1, 'M'), field('x', 1, 1, 11, '.a.M'), field('e', 2, 3, 14, '.a.E'), field('k', 3, 3, 11, '.a.M.KEntry'), nested)
  return [part(1, text(1, 'a.proto'), text(2, 'a'), message, enumeration, service, text(12, 'proto3')), part(1, text(1, 'b.proto'), text(3, 'google/protobuf/timestamp.proto'), part(4, text(1, 'N'), part(2, text(1, 't'), int(3, 1), int(4, 1), int(5, 11), text(6, '.google.protobuf.Timestamp'))))]
}

/** As they are read: what the bytes say that they are, members in memory up to a limit. */
function archives(): Promise<FuzzDecoder> {
  const members = { 'a/b.thrift': 'struct A {}\n', 'c.proto': 'syntax = "proto3";\n'.repeat(9) }
  const limits = { members: 100, memberBytes: 4096, totalBytes: 16_384 }
  const [zip, tar] = [zipOf(members), tarOf(members)]
  return Promise.resolve({
    samples: [zip, tar, gzipSync(tar)],
    run: async (bytes) => {
      const kind = archiveKind(bytes)
      if (kind === undefined) return 'no archive'
      try {
        const read = await readArchive(kind, bytes, () => true, limits)
        if (read.reduce((sum, { content }) => sum + content.length, 0) > limits.totalBytes) throw new Error('over the limit')
        return undefined
      } catch (caught) {
        if (caught instanceof ArchiveError) return caught.problem
        throw caught
      }
    },
  })
}

export const idlDecoders: Readonly<Record<string, () => Promise<FuzzDecoder>>> = {
  'Thrift IDL text': thriftText,
  'Protobuf IDL text': protoText,
  'Protobuf IDL linked': protoLinked,
  'descriptor set': descriptorSet,
  'archives': archives,
}
