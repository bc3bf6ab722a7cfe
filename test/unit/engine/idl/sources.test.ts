// Folders, archives and descriptor sets as IDL: what is read of them, and that hostile ones end in a message.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { create, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import { afterAll, describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { ArchiveError, readArchive } from '../../../../src-main/engine/idl/archive/index.ts'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { idlSetFromDescriptors } from '../../../../src-main/engine/idl/proto/index.ts'
import { tarOf, zipOf } from '../../../support/archives.ts'
import { findingsOf } from './load-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-sources-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string | Uint8Array): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

const files = {
  'src/a/b.proto': 'syntax = "proto3"; package a; import "c/d.proto"; message B { c.D d = 1; } service S { rpc F(B) returns (B); }',
  'src/c/d.proto': 'syntax = "proto3"; package c; message D { int32 x = 1; }',
  'src/t.thrift': 'struct T { 1: i32 a }',
  'src/notes.txt': 'no IDL',
}
const limits = { members: 100, memberBytes: 1_000_000, totalBytes: 1_000_000 }
const pathsOf = async (path: string): Promise<readonly string[]> => (await loadIdl({ paths: [path] })).files.map((file) => file.path.replace(`${folder}/`, ''))
const said = async (path: string): Promise<readonly string[]> => findingsOf(await loadIdl({ paths: [path] })).map((line) => line.replaceAll(`${folder}/`, ''))

describe('a folder', () => {
  it('stands for every IDL file below it, but for hidden folders and what was installed', async () => {
    for (const [name, text] of Object.entries(files)) write(`tree/${name}`, text)
    write('tree/.git/x.proto', 'no')
    write('tree/node_modules/x.proto', 'no')
    symlinkSync(join(folder, 'tree'), join(folder, 'tree/src/loop'))
    expect(await pathsOf(join(folder, 'tree'))).toEqual(['tree/src/t.thrift', 'tree/src/a/b.proto', 'tree/src/c/d.proto'])
    expect(await said(join(folder, 'tree'))).toEqual([])
  })

  it('without IDL says so', async () => {
    write('empty/notes.txt', 'no')
    expect(await said(join(folder, 'empty'))).toEqual(['empty:1:1 no-idl-files: No .thrift or .proto file in empty'])
  })
})

describe('an archive', () => {
  it.each([
    ['zip', zipOf(files)], ['stored.zip', zipOf(files, { stored: true })], ['tar', tarOf(files)], ['tar.gz', gzipSync(tarOf(files))],
  ])('of the kind %s is read in memory', async (name, bytes) => {
    const path = write(`packed.${name}`, bytes)
    expect(await pathsOf(path)).toEqual(['src/a/b.proto', 'src/c/d.proto', 'src/t.thrift'].map((file) => `packed.${name}/${file}`).sort((a, b) => Number(a.endsWith('thrift')) - Number(b.endsWith('thrift'))))
    expect(await said(path)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('of the system\'s own tar is read too, long names and all', async () => {
    const long = `${'deep/'.repeat(60)}x.proto`
    write(`real/${long}`, 'syntax = "proto3";')
    execFileSync('tar', ['czf', join(folder, 'real.tgz'), '-C', join(folder, 'real'), '.'])
    expect((await pathsOf(join(folder, 'real.tgz')))[0]).toBe(`real.tgz/${long}`)
  })

  it('that leads out of itself is not followed', async () => {
    const path = write('out.zip', zipOf({ '../../evil.proto': 'syntax = "proto3";', '/abs.proto': 'syntax = "proto3";', 'ok.proto': 'syntax = "proto3";' }))
    expect(await pathsOf(path)).toEqual(['out.zip/ok.proto'])
  })

  it('that unfolds to gigabytes is refused by what it holds, not by what it claims', async () => {
    const bomb = deflateRawSync(Buffer.alloc(8_000_000))
    const claims = zipOf({ 'a.proto': bomb }, { packed: { size: 10, crc: 1 } })
    await expect(readArchive('zip', claims, () => true, limits)).rejects.toEqual(new ArchiveError('size'))
    await expect(readArchive('gzip', gzipSync(Buffer.alloc(20_000_000)), () => true, limits)).rejects.toEqual(new ArchiveError('size'))
  })

  it('broken anywhere ends in a message', async () => {
    const whole = { zip: zipOf(files), gzip: gzipSync(tarOf(files)), tar: tarOf(files) }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('zip', 'gzip', 'tar'), fc.nat(), fc.nat(255), fc.boolean(), async (kind, at, byte, cut) => {
        const bytes = Buffer.from(whole[kind])
        const place = at % bytes.length
        if (!cut) bytes[place] = byte
        const read = readArchive(kind, cut ? bytes.subarray(0, place) : bytes, () => true, limits)
        await read.catch((caught: unknown) => expect(caught).toBeInstanceOf(ArchiveError))
      }),
      { numRuns: 400 },
    )
    expect(await said(write('cut.zip', whole.zip.subarray(0, 100)))).toEqual(['cut.zip:1:1 archive-unreadable: The archive cut.zip cannot be read (truncated)'])
  })
})

const file = (name: string, more: Partial<FileDescriptorProto> = {}): FileDescriptorProto => create(FileDescriptorProtoSchema, { name, syntax: 'proto3', messageType: [{ name: `M${name.charAt(0)}` }], ...more } as never)
const setOf = (...all: readonly FileDescriptorProto[]): Uint8Array => toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...all] }))

describe('a descriptor set', () => {
  it('is known by its bytes, whatever its name', async () => {
    const bytes = setOf(file('a.proto', { dependency: ['b.proto'] }), file('b.proto'))
    for (const name of ['set.binpb', 'set', 'set.thing']) expect(await pathsOf(write(name, bytes))).toEqual(['a.proto', 'b.proto'])
  })

  it('that lacks an import says how to make a whole one', async () => {
    expect(await said(write('half.binpb', setOf(file('a.proto', { dependency: ['b.proto'] }))))).toEqual(['a.proto:1:1 set-incomplete: The descriptor set lacks b.proto: make it with --include_imports'])
  })

  it('that names a type it does not have is an error, not a guess', async () => {
    const bytes = setOf(file('a.proto', { messageType: [{ name: 'M', field: [{ name: 'x', number: 1, label: 1, type: 11, typeName: '.Gone' }] }] } as never))
    expect(await said(write('gone.binpb', bytes))).toEqual(['a.proto:1:1 unknown-type: Unknown type .Gone'])
  })

  it('that is none says so', async () => {
    expect(await said(write('none.binpb', Buffer.from([1, 2, 3])))).toEqual(['none.binpb:1:1 not-a-descriptor-set: none.binpb is no descriptor set of Protobuf'])
    expect(await said(write('none.bin', Buffer.from([0, 2, 3])))).toEqual(['none.bin:1:1 file-binary: none.bin is not a text file'])
  })

  it.each([['int32', 5, '8\u0005'], ['uint64', 4, ''], ['int64', 3, '1e3'], ['int64', 3, '9'.repeat(5000)]])('with a default of an %s that is no number has no such default', async (_, type, defaultValue) => {
    const bytes = setOf(file('a.proto', { syntax: 'proto2', messageType: [{ name: 'M', field: [{ name: 'x', number: 1, label: 1, type, defaultValue }] }] } as never))
    const idl = await loadIdl({ paths: [write('default.binpb', bytes)] })
    expect([idl.diagnostics, idl.structs['a.proto#M']?.fields.map(({ name, defaultValue: value }) => [name, value])]).toEqual([[], [['x', undefined]]])
  })

  it('in which a message is the entry of a map of itself is an error, not a circle', async () => {
    const field = [{ name: 'key', number: 1, label: 3, type: 11, typeName: '.M' }, { name: 'value', number: 2, label: 1, type: 5 }]
    const itself = setOf(file('a.proto', { messageType: [{ name: 'M', field, options: { mapEntry: true } }] } as never))
    expect(await said(write('circle.binpb', itself))).toEqual(['a.proto:1:1 unknown-type: Unknown type .M'])
  })

  it('broken anywhere never throws', async () => {
    const bytes = Buffer.from(setOf(file('a.proto', { dependency: ['b.proto'] }), file('b.proto')))
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(bytes)
        changed[at] = byte
        const read = (): Promise<Uint8Array> => Promise.resolve(changed)
        expect((await loadIdl({ paths: ['x.binpb'], read })).files.length).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 300 },
    )
  })

  it('comes from memory as well, as descriptors or as bytes', async () => {
    const one = await idlSetFromDescriptors([file('a.proto'), toBinary(FileDescriptorProtoSchema, file('b.proto'))])
    expect([one.diagnostics, Object.keys(one.structs)]).toEqual([[], ['a.proto#Ma', 'b.proto#Mb']])
  })
})

it('is read anew when a folder gets a file or an archive changes', async () => {
  const { IdlLoader } = await import('../../../../src-main/engine/idl-area.ts')
  const { ReflectedIdls } = await import('../../../../src-main/engine/reflected-idls.ts')
  const { Pools } = await import('../../../../src-main/engine/pools.ts')
  const loader = new IdlLoader(folder, new ReflectedIdls(new Pools()))
  write('live/one.thrift', 'struct A {}')
  const path = join(folder, 'live')
  const before = await loader.load({ paths: [path] })
  expect(await loader.load({ paths: [path] })).toBe(before)
  write('live/two.thrift', 'struct B {}')
  utimesSync(path, new Date(), new Date(Date.now() + 5000))
  expect((await loader.load({ paths: [path] })).files.length).toBe(2)
  const archive = write('live.zip', zipOf({ 'a.thrift': 'struct A {}' }))
  const packed = await loader.load({ paths: [archive] })
  expect(await loader.load({ paths: [archive] })).toBe(packed)
  write('live.zip', zipOf({ 'a.thrift': 'struct A {}', 'b.thrift': 'struct B {}' }))
  utimesSync(archive, new Date(), new Date(Date.now() + 5000))
  expect((await loader.load({ paths: [archive] })).files.length).toBe(2)
})
