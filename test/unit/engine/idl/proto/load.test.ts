// How Protobuf files find each other: import roots nobody named, bundled files, both languages in one set, and what stays where it belongs.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadIdl } from '../../../../../src-main/engine/idl/load.ts'
import { findingsOf, loadTexts } from '../load-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-proto-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const p3 = 'syntax = "proto3";\n'

describe('imports', () => {
  it('are found from the root that the importing file stands below, and so are those of what it imports', async () => {
    const idl = await loadTexts({
      'src/acme/shop/v1/shop.proto': `${p3}package acme.shop.v1; import "acme/common/money.proto"; message M { acme.common.Money a = 1; }`,
      'src/acme/common/money.proto': `${p3}package acme.common; import "acme/base.proto"; message Money { acme.Base a = 1; }`,
      'src/acme/base.proto': `${p3}package acme; message Base {}`,
      'acme/base.proto': `${p3}package acme; message Wrong {}`,
    })
    expect(findingsOf(idl)).toEqual([])
    expect(idl.files.map(({ path }) => path)).toEqual(['src/acme/shop/v1/shop.proto', 'src/acme/common/money.proto', 'src/acme/base.proto'])
  })

  it('prefer the folders that were named', async () => {
    const files = { 'a/a.proto': `${p3}import "b.proto"; message M { B b = 1; }`, 'a/b.proto': `${p3}message B { int32 near = 1; }`, 'named/b.proto': `${p3}message B { int32 named = 1; }` }
    const fieldOf = async (includeDirs: readonly string[]): Promise<unknown> => Object.values((await loadTexts(files, { includeDirs })).structs).find(({ name }) => name === 'B')?.fields[0]?.name
    expect([await fieldOf([]), await fieldOf(['named'])]).toEqual(['near', 'named'])
  })

  it('that are nowhere say where they were looked for', async () => {
    expect(findingsOf(await loadTexts({ 'x/y/a.proto': `${p3}import "b/c.proto"; message M { b.C c = 1; }` }, { includeDirs: ['named'] }))[0]).toMatch(
      /^x\/y\/a\.proto:2:8 import-not-found: Imported file b\/c\.proto not found; tried named\/b\/c\.proto, x\/y\/b\/c\.proto, x\/b\/c\.proto, b\/c\.proto/,
    )
  })

  it('that are weak or public bring names along as they should', async () => {
    const files = { 'a.proto': `${p3}import "b.proto"; message M { C c = 1; D d = 2; }`, 'b.proto': `${p3}import public "c.proto"; import "d.proto"; message B { D d = 1; }`, 'c.proto': `${p3}message C {}`, 'd.proto': `${p3}message D {}` }
    expect(findingsOf(await loadTexts(files))).toEqual(['a.proto:2:40 not-imported: D is defined in d.proto, which is not imported here'])
  })

  it('of Google\'s files need no disk, and a copy among the roots is taken', async () => {
    const text = `${p3}import "google/protobuf/timestamp.proto"; import "google/rpc/status.proto"; message M { google.protobuf.Timestamp a = 1; google.rpc.Status b = 2; }`
    const idl = await loadTexts({ 'a.proto': text })
    expect([findingsOf(idl), idl.files.map(({ path }) => path)]).toEqual([[], ['a.proto', 'google/protobuf/timestamp.proto', 'google/rpc/status.proto', 'google/protobuf/any.proto']])
    const copy = `${p3}package google.protobuf; message Timestamp { int64 mine = 1; }`
    const own = await loadTexts({ 'a.proto': text, 'vendor/google/protobuf/timestamp.proto': copy }, { roots: ['a.proto', 'vendor/google/protobuf/timestamp.proto'] })
    expect(Object.values(own.structs).find(({ proto }) => proto?.fullName === 'google.protobuf.Timestamp')?.fields[0]?.name).toBe('mine')
  })

  it('of a copy of descriptor.proto among the roots carry options as ever', async () => {
    const options = 'extend google.protobuf.MethodOptions { optional string get = 50201; }'
    const idl = await loadTexts({
      'a.proto': `${p3}import "api.proto"; message M {} service S { rpc F(M) returns (M) { option (api.get) = "/x"; } }`,
      'api.proto': `syntax = "proto2"; package api; import "google/protobuf/descriptor.proto"; ${options}`,
      'google/protobuf/descriptor.proto': 'syntax = "proto2"; package google.protobuf; message MethodOptions { optional bool deprecated = 33; extensions 1000 to max; } message FileOptions { extensions 1000 to max; }',
    }, { roots: ['a.proto', 'google/protobuf/descriptor.proto'] })
    expect([findingsOf(idl), idl.services[0]?.methods[0]?.annotations]).toEqual([[], { '(api.get)': ['/x'], 'api.get': ['/x'] }])
  })
})

describe('both languages', () => {
  it('stand in one set, roots in the order in which they were named', async () => {
    const files = { 'a.proto': `${p3}package p; message M {} service S { rpc F(M) returns (M); }`, 'b.thrift': 'include "c.thrift"\nservice T { c.C f(1: c.C a) }', 'c.thrift': 'struct C { 1: i32 a }' }
    const idl = await loadTexts(files, { roots: ['b.thrift', 'a.proto'] })
    expect([findingsOf(idl), idl.files.map(({ path }) => path), idl.services.map(({ name, language }) => [name, language])]).toEqual([
      [], ['b.thrift', 'a.proto', 'c.thrift'], [['T', 'thrift'], ['p.S', 'proto']],
    ])
  })
})

describe('a folder that reading is confined to', () => {
  it('keeps imports, includes and links within', async () => {
    write('secret.proto', `${p3}message Secret {}`)
    write('secret.thrift', 'struct Secret {}')
    const proto = write('work/a.proto', `${p3}import "secret.proto"; message M { Secret s = 1; }`)
    const thrift = write('work/a.thrift', 'include "../secret.thrift"\nstruct M { 1: secret.Secret s }')
    symlinkSync(join(folder, 'secret.proto'), join(folder, 'work/link.proto'))
    const linked = write('work/b.proto', `${p3}import "link.proto"; message M { Secret s = 1; }`)
    const confineTo = join(folder, 'work')
    for (const path of [proto, thrift, linked]) {
      expect((await loadIdl({ paths: [path] })).diagnostics).toEqual([])
      expect((await loadIdl({ paths: [path], confineTo })).diagnostics.map(({ code }) => code)).toEqual([path === thrift ? 'include-not-found' : 'import-not-found'])
    }
    const outside = await loadIdl({ paths: [join(folder, 'secret.proto'), join(confineTo, 'link.proto'), join(folder, 'none.proto')], confineTo })
    expect(findingsOf(outside).map((line) => line.replaceAll(folder, ''))).toEqual([
      '/secret.proto:1:1 file-outside: /secret.proto lies outside of the workspace',
      '/work/link.proto:1:1 file-outside: /work/link.proto lies outside of the workspace',
      '/none.proto:1:1 file-outside: /none.proto lies outside of the workspace',
    ])
  })
})
