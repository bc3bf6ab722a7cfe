// `kite idl` on Protobuf: the same commands, the shapes that cli.md fixes for it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKite } from '../support/run-kite.ts'
import { zipOf } from '../support/archives.ts'

const shop = `syntax = "proto3";

package acme.shop.v1;

import "acme/money.proto";
import "api.proto";
import "google/protobuf/timestamp.proto";

// What is sold.
message Item {
  int64 id = 1 [(api.path) = "id"];
  string display_name = 2;
  acme.Money price = 3;
  repeated string tags = 4;
  map<string, Level> levels = 5;
  oneof kind {
    string book = 6;
    Other other = 7;
  }
  optional int32 stock = 8;
  google.protobuf.Timestamp at = 9;
  message Other {}
}

enum Level {
  LEVEL_NONE = 0;
  LEVEL_HIGH = 2;
}

message GetRequest {
  int64 id = 1;
}

service Shop {
  rpc Get(GetRequest) returns (Item) {
    option (api.get) = "/items/:id";
  }
  rpc Watch(GetRequest) returns (stream Item);
  rpc Upload(stream Item) returns (GetRequest);
  rpc Talk(stream Item) returns (stream .acme.shop.v1.Item);
}
`
const money = 'syntax = "proto2";\npackage acme;\nmessage Money {\n  required string currency = 1 [default = "CNY"];\n  optional group Parts = 2 {\n    optional int64 units = 1;\n  }\n  extensions 100 to max;\n}\nextend Money {\n  optional bool rounded = 100;\n}\n'
const api = 'syntax = "proto2";\npackage api;\nimport "google/protobuf/descriptor.proto";\nextend google.protobuf.FieldOptions {\n  optional string path = 50105;\n}\nextend google.protobuf.MethodOptions {\n  optional string get = 50201;\n}\n'
const files = { 'acme/shop/v1/shop.proto': shop, 'acme/money.proto': money, 'api.proto': api }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-idl-proto-'))
  await mkdir(join(folder, 'src/acme/shop/v1'), { recursive: true })
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, 'src', path), text)
  await writeFile(join(folder, 'bad.proto'), 'syntax = "proto3";\nimport "none.proto";\nmessage User {\n  strng name = 1;\n  int32 age = 1;\n}\nservice S {\n  rpc Get(User) return (User);\n}\n')
  await writeFile(join(folder, 'all.zip'), zipOf(files))
})
afterAll(() => rm(folder, { recursive: true }))

const path = 'src/acme/shop/v1/shop.proto'
const inFolder = (...args: readonly string[]): ReturnType<typeof runKite> => runKite(args, { cwd: folder })
const ofFirst = async (file: string): Promise<unknown> => (JSON.parse((await inFolder('idl', 'tree', file, '-o', 'json')).stdout) as { files: unknown[] }).files[0]

describe('kite idl check', () => {
  it('prints each finding with its place and the next step, and exits 1', async () => {
    const { code, stdout, stderr } = await inFolder('idl', 'check', 'bad.proto')
    const [missing, ...rest] = stdout.split('\n')
    expect(missing).toMatch(/^bad\.proto:2:8: error import-not-found: Imported file none\.proto not found; tried none\.proto, .*\. Name its folder with --include$/)
    expect(rest).toEqual([
      'bad.proto:5:15: error duplicate-field-number: Number 1 of age is already used by name in User, line 4. Number 2 is free',
      'bad.proto:8:17: error unexpected-token: Expected returns, found "return"',
      '',
    ])
    expect([code, stderr]).toEqual([1, 'Files: 1, errors: 3, warnings: 0\n'])
  })

  it('words it in Chinese', async () => {
    const { stdout } = await inFolder('idl', 'check', 'bad.proto', '--lang', 'zh-CN')
    expect(stdout).toContain('bad.proto:5:15: error duplicate-field-number: age 的编号 1 已被 User 的 name 使用（第 4 行）。编号 2 未被使用')
  })

  it('finds import roots by itself, in an archive too', async () => {
    for (const source of [path, 'all.zip', 'src']) {
      const { code, stdout } = await inFolder('idl', 'check', source)
      expect([source, code, stdout]).toEqual([source, 0, ''])
    }
  })
})

it('kite idl list prints one method a line', async () => {
  const { code, stdout } = await inFolder('idl', 'list', path)
  expect([code, stdout]).toEqual([0, `acme.shop.v1.Shop/Get     unary   GetRequest  Item
acme.shop.v1.Shop/Watch   server  GetRequest  Item
acme.shop.v1.Shop/Upload  client  Item        GetRequest
acme.shop.v1.Shop/Talk    bidi    Item        acme.shop.v1.Item
`])
})

describe('kite idl tree', () => {
  it('has the shape that other programs read', async () => {
    const none = { annotations: {} }
    expect(await ofFirst(path)).toEqual({
      path, kind: 'proto', syntax: 'proto3', package: 'acme.shop.v1', imports: ['acme/money.proto', 'api.proto', 'google/protobuf/timestamp.proto'],
      services: [{
        name: 'acme.shop.v1.Shop', ...none,
        methods: [
          { name: 'Get', streaming: 'none', input: 'acme.shop.v1.GetRequest', output: 'acme.shop.v1.Item', annotations: { '(api.get)': ['/items/:id'], 'api.get': ['/items/:id'] } },
          { name: 'Watch', streaming: 'server', input: 'acme.shop.v1.GetRequest', output: 'acme.shop.v1.Item', ...none },
          { name: 'Upload', streaming: 'client', input: 'acme.shop.v1.Item', output: 'acme.shop.v1.GetRequest', ...none },
          { name: 'Talk', streaming: 'bidi', input: 'acme.shop.v1.Item', output: 'acme.shop.v1.Item', ...none },
        ],
      }],
      messages: [
        {
          name: 'acme.shop.v1.Item', ...none,
          fields: [
            { id: 1, name: 'id', jsonName: 'id', type: 'int64', label: 'none', annotations: { '(api.path)': ['id'], 'api.path': ['id'] } },
            { id: 2, name: 'display_name', jsonName: 'displayName', type: 'string', label: 'none', ...none },
            { id: 3, name: 'price', jsonName: 'price', type: 'acme.Money', label: 'none', ...none },
            { id: 4, name: 'tags', jsonName: 'tags', type: 'string', label: 'repeated', ...none },
            { id: 5, name: 'levels', jsonName: 'levels', type: 'map<string, acme.shop.v1.Level>', label: 'map', ...none },
            { id: 6, name: 'book', jsonName: 'book', type: 'string', label: 'none', oneof: 'kind', ...none },
            { id: 7, name: 'other', jsonName: 'other', type: 'acme.shop.v1.Item.Other', label: 'none', oneof: 'kind', ...none },
            { id: 8, name: 'stock', jsonName: 'stock', type: 'int32', label: 'optional', ...none },
            { id: 9, name: 'at', jsonName: 'at', type: 'google.protobuf.Timestamp', label: 'none', ...none },
          ],
        },
        { name: 'acme.shop.v1.Item.Other', fields: [], ...none },
        { name: 'acme.shop.v1.GetRequest', fields: [{ id: 1, name: 'id', jsonName: 'id', type: 'int64', label: 'none', ...none }], ...none },
      ],
      enums: [{ name: 'acme.shop.v1.Level', values: [['LEVEL_NONE', 0], ['LEVEL_HIGH', 2]], ...none }],
      extensions: [], ...none,
    })
    expect(await ofFirst('src/acme/money.proto')).toMatchObject({
      syntax: 'proto2', extensions: [{ id: 100, name: 'rounded', type: 'bool', label: 'optional', extendee: 'acme.Money' }],
      messages: [{ fields: [{ name: 'currency', label: 'required', default: 'CNY' }, { name: 'parts', type: 'acme.Money.Parts' }] }, { name: 'acme.Money.Parts' }],
    })
  })

  it('draws an outline for eyes', async () => {
    const { stdout } = await inFolder('idl', 'tree', path)
    expect(stdout.split('\n').slice(0, 24)).toEqual([
      path,
      '  syntax proto3',
      '  package acme.shop.v1',
      '  import acme/money.proto',
      '  import api.proto',
      '  import google/protobuf/timestamp.proto',
      '  service acme.shop.v1.Shop',
      '    rpc Get(acme.shop.v1.GetRequest) returns (acme.shop.v1.Item)',
      '    rpc Watch(acme.shop.v1.GetRequest) returns (stream acme.shop.v1.Item)',
      '    rpc Upload(stream acme.shop.v1.Item) returns (acme.shop.v1.GetRequest)',
      '    rpc Talk(stream acme.shop.v1.Item) returns (stream acme.shop.v1.Item)',
      '  message acme.shop.v1.Item',
      '    int64 id = 1',
      '    string display_name = 2',
      '    acme.Money price = 3',
      '    repeated string tags = 4',
      '    map<string, acme.shop.v1.Level> levels = 5',
      '    oneof kind: string book = 6',
      '    oneof kind: acme.shop.v1.Item.Other other = 7',
      '    optional int32 stock = 8',
      '    google.protobuf.Timestamp at = 9',
      '  message acme.shop.v1.Item.Other',
      '  message acme.shop.v1.GetRequest',
      '    int64 id = 1',
    ])
  })
})

it('kite idl example prints ProtoJSON to start from, the service named as one likes', async () => {
  const bodies = await Promise.all(['Shop/Upload', 'acme.shop.v1.Shop/Upload', '/acme.shop.v1.Shop/Upload', 'Upload'].map((name) => inFolder('idl', 'example', path, name)))
  for (const { code, stdout } of bodies) {
    expect([code, JSON.parse(stdout)]).toEqual([0, {
      id: 1, displayName: 'display_name', price: { currency: 'CNY', parts: { units: 1 } }, tags: ['tags'], levels: { key: 'LEVEL_HIGH' }, book: 'book', stock: 1, at: '2024-01-01T00:00:00Z',
    }])
  }
})
