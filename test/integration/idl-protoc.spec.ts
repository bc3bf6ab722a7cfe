// Protobuf IDLs against Google's own compiler: the same files must mean the same, whether we read the text or what protoc made of it.

import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileRegistry, fromBinary, ScalarType, type DescExtension, type DescField } from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import protobufjs from 'protobufjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { idlSetFromDescriptors } from '../../src-main/engine/idl/proto/index.ts'
import type { FieldDescriptor, IdlSet, StructDescriptor } from '../../shared/model/idl.ts'
import { protoRules } from '../support/proto-rules.ts'
import { protoc, protocMissing, type Protoc } from '../support/peers/protoc.ts'

const missing = protocMissing()
const corpus = join(import.meta.dirname, '../fixtures/idl/proto/corpus')
const names = readdirSync(corpus).filter((name) => name.endsWith('.proto'))
let compiler: Protoc

beforeAll(async () => {
  if (missing === undefined) compiler = await protoc()
})

async function setOf(folder: string, files: readonly string[]): Promise<Buffer> {
  const compiled = await compiler.compile(folder, files)
  if ('refused' in compiled) throw new Error(compiled.refused)
  return compiled.set
}

/** Without what only a text has: places, comments, the source's own spelling of types. */
function meaning(set: IdlSet, folder: string): unknown {
  const bare = (path: string): string => path.replace(`${folder}/`, '')
  // Those of @bufbuild/protobuf are of a later protoc, and leave out since when each option is there.
  const isOwn = (path: string): boolean => !/^google\/protobuf\/(descriptor|\w+_features)\.proto/.test(path)
  return JSON.parse(
    JSON.stringify(
      {
        files: set.files.filter(({ path }) => isOwn(path)).map((file) => ({ ...file, path: bare(file.path) })).sort((a, b) => a.path.localeCompare(b.path)),
        services: [...set.services].sort((a, b) => a.name.localeCompare(b.name)),
        structs: Object.entries(set.structs).filter(([id]) => isOwn(id)).sort(([a], [b]) => bare(a).localeCompare(bare(b))).map(([, struct]) => struct),
        enums: Object.entries(set.enums).filter(([id]) => isOwn(id)).sort(([a], [b]) => bare(a).localeCompare(bare(b))).map(([, one]) => one),
      },
      (key, value: unknown) => {
        if (key === 'at' || key === 'doc' || key === 'written') return undefined
        return typeof value === 'bigint' ? `${value}n` : typeof value === 'string' ? bare(value) : value
      },
    ),
  ) as unknown
}

describe.skipIf(missing !== undefined)(`protoc${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(names)('reads %s as we do', async (name) => {
    const theirs = await idlSetFromDescriptors(fromBinary(FileDescriptorSetSchema, await setOf(corpus, [name])).file)
    const ours = await loadIdl({ paths: [join(corpus, name)] })
    expect(ours.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(meaning(ours, corpus)).toEqual(meaning(theirs, corpus))
  })

  it('has google/rpc and google/api as we bundle them', async () => {
    const paths = ['google/rpc/status.proto', 'google/rpc/code.proto', 'google/rpc/error_details.proto', 'google/api/http.proto', 'google/api/annotations.proto', 'google/api/field_behavior.proto']
    const text = ['syntax = "proto3";', ...paths.map((path) => `import "${path}";`)].join('\n')
    const ours = await loadIdl({ paths: ['all.proto'], read: (path) => (path === 'all.proto' ? Promise.resolve(text) : Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' }))) })
    const theirs = await idlSetFromDescriptors(fromBinary(FileDescriptorSetSchema, await setOf(compiler.googleapis, paths)).file)
    const google = (set: IdlSet): unknown => {
      const { structs, enums } = meaning(set, '') as { structs: { id: string }[]; enums: { id: string }[] }
      return [...structs, ...enums].filter(({ id }) => paths.some((path) => id.startsWith(path)))
    }
    expect(google(ours)).toEqual(google(theirs))
  })
})

describe.skipIf(missing !== undefined)(`protoc's rules${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(protoRules.map(({ name, files, refused }) => [name, files, refused] as const))('%s', async (_name, files, refused) => {
    const folder = await mkdtemp(join(tmpdir(), 'kite-rules-'))
    try {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
      expect('refused' in (await compiler.compile(folder, ['a.proto']))).toBe(refused)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe.skipIf(missing !== undefined)(`@bufbuild/protobuf on protoc's descriptors${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it.each(names)('resolves features of %s as we do', async (name) => {
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, await setOf(corpus, [name])))
    const ours = await loadIdl({ paths: [join(corpus, name)] })
    const structs = new Map(Object.values(ours.structs).map((struct) => [struct.proto?.fullName, struct]))
    for (const type of registry) {
      if (type.kind === 'enum') {
        if (type.file.name.endsWith('/descriptor')) continue
        expect([type.typeName, Object.values(ours.enums).find((one) => one.proto?.fullName === type.typeName)?.proto?.closed]).toEqual([type.typeName, !type.open])
      }
      if (type.kind !== 'message' || type.file.name.endsWith('/descriptor')) continue
      const struct = structs.get(type.typeName)
      expect(type.fields.map(theirFacts).sort(byId)).toEqual(struct?.fields.map(ourFacts).sort(byId))
    }
    for (const type of registry) {
      if (type.kind !== 'extension') continue
      const field = structs.get(type.extendee.typeName)?.proto?.extensions.find(({ id }) => id === type.number)
      expect({ ...theirFacts(type), name: type.typeName }).toEqual(field === undefined ? undefined : { ...ourFacts(field), name: field.proto?.extension })
    }
  })
})

interface Facts {
  readonly id: number
  readonly name: string
  readonly jsonName: string
  readonly presence: string
  readonly packed: boolean
  readonly delimited: boolean
  readonly utf8: boolean | undefined
  readonly oneof: string | undefined
}

const byId = (a: Facts, b: Facts): number => a.id - b.id

function theirFacts(field: DescExtension | DescField): Facts {
  const presence = field.fieldKind === 'list' || field.fieldKind === 'map' ? 'none' : { [FeatureSet_FieldPresence.EXPLICIT]: 'explicit', [FeatureSet_FieldPresence.IMPLICIT]: 'implicit', [FeatureSet_FieldPresence.LEGACY_REQUIRED]: 'required', [FeatureSet_FieldPresence.FIELD_PRESENCE_UNKNOWN]: '?' }[field.presence]
  const isText = field.scalar === ScalarType.STRING && field.fieldKind !== 'map'
  return {
    id: field.number, name: field.name, jsonName: field.jsonName, presence, packed: field.fieldKind === 'list' && field.packed,
    delimited: field.fieldKind === 'message' || (field.fieldKind === 'list' && field.listKind === 'message') ? field.delimitedEncoding : false,
    utf8: isText ? field.utf8Validation : undefined, oneof: field.oneof?.name,
  }
}

function ourFacts({ id, name, proto }: FieldDescriptor): Facts {
  if (proto === undefined) throw new Error('believed: it is of Protobuf')
  return {
    id, name, jsonName: proto.extension === undefined ? proto.jsonName : `[${proto.extension}]`, presence: proto.presence, packed: proto.packed === true,
    delimited: proto.type === 'group', utf8: proto.type === 'string' && proto.map === undefined ? proto.validateUtf8 : undefined, oneof: proto.oneof,
  }
}

describe('protobufjs as a second reader', () => {
  // It refuses a hexadecimal number with a capital X, which classic.proto has and protoc takes.
  it.each(names.filter((name) => name !== 'classic.proto'))('has the fields of %s as we have them', async (name) => {
    const root = new protobufjs.Root()
    root.resolvePath = (_origin, target) => (protobufjs.common.get(target) === null ? join(corpus, target.replace(`${corpus}/`, '')) : target)
    const ours = await loadIdl({ paths: [join(corpus, name)] })
    const text = ours.files.find(({ path }) => path === join(corpus, name))
    const { package: packageName } = protobufjs.parse(readFileSync(join(corpus, name), 'utf8'), root, { keepCase: true })
    expect(packageName ?? '').toBe(text?.kind === 'proto' ? text.package : undefined)
    const own = Object.values(ours.structs).filter((struct) => struct.at.file === join(corpus, name) && struct.proto?.mapEntry !== true)
    for (const struct of own) expect(fieldsOf(root.lookupType(struct.proto?.fullName ?? ''))).toEqual(idsOf(struct))
  })
})

const fieldsOf = (type: protobufjs.Type): readonly (readonly [string, number])[] =>
  type.fieldsArray.filter(({ declaringField }) => declaringField === null).map(({ name, id }) => [name, id] as const).sort(([, a], [, b]) => a - b)

const idsOf = (struct: StructDescriptor): readonly (readonly [string, number])[] => struct.fields.map(({ name, id }) => [name, id] as const)
