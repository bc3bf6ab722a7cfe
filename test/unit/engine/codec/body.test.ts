import { describe, expect, it } from 'vitest'
import { KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import type { IdlType } from '../../../../shared/model/idl.ts'
import { createThriftBinary } from '../../../../src-main/engine/codec/index.ts'
import { plainFormat, type MethodCodec, type ValueFormat } from '../../../../src-main/engine/codec/codec.ts'
import { base, enumRef, idlSet, list, map, method, nothing, ref, set, struct } from './idl-builder.ts'

const english = createTranslator('en')
const structs = [
  struct('User', [
    [1, 'id', base('i64'), { requiredness: 'required' }],
    [2, 'name', base('string'), { requiredness: 'optional' }],
    [3, 'age', base('i32'), { requiredness: 'optional', tag: 'json:"years,omitempty"' }],
    [4, 'role', enumRef('Role'), { requiredness: 'optional' }],
    [5, 'tags', set(base('string')), { requiredness: 'optional' }],
    [6, 'friends', list(ref('User')), { requiredness: 'optional' }],
    [7, 'choice', ref('Choice'), { requiredness: 'optional' }],
    [8, 'data', base('binary'), { requiredness: 'optional' }],
    [9, 'score', base('double'), { requiredness: 'optional' }],
    [10, 'byRole', map(enumRef('Role'), base('i8')), { requiredness: 'optional' }],
    [11, 'points', map(ref('Point'), base('string')), { requiredness: 'optional' }],
    [12, 'key', base('uuid'), { requiredness: 'optional' }],
    [13, 'flag', base('bool'), { requiredness: 'optional' }],
  ]),
  struct('Point', [[1, 'x', base('i16')], [2, 'y', base('i16'), { defaultValue: 7 }]]),
  struct('Choice', [[1, 'left', base('i32')], [2, 'right', base('string')]], 'union'),
  struct('Nested', [[1, 'inner', ref('User')], [2, 'count', base('i32')], [3, 'names', list(base('string'))], [4, 'greeting', base('string'), { defaultValue: 'hello' }]]),
  struct('Older', [[1, 'id', base('i64')]]),
  struct('Odd', [[1, '__proto__', base('i32')], [2, 'constructor', base('string')], [3, 'toString', base('bool')]]),
  struct('Holder', [[1, 'req', base('i32')]]),
]
const methods = [
  ...['User', 'Point', 'Nested', 'Older', 'Odd', 'Holder'].map((name) => method(name, [[1, 'req', ref(name)]], ref(name))),
  method('Str', [[1, 'msg', base('string')]], base('string')),
  method('Map', [[1, 'm', map(base('string'), base('i32'))]], nothing),
  method('IntMap', [[1, 'm', map(base('i32'), base('i32'))]], nothing),
  method('Add', [[1, 'a', base('i32')], [2, 'b', base('i32')], [3, 'point', ref('Point')]], base('i32')),
  method('None', [], nothing),
  method('Double', [[1, 'd', base('double')]], base('double')),
]
const { idl, service } = idlSet(structs, { Role: [['ADMIN', 1], ['ROOT', 1], ['GUEST', 2]] }, methods)
const codec = createThriftBinary({ readFile: (path) => { if (path !== 'a.bin') throw new Error('ENOENT'); return Buffer.from([1, 2]) } })

function compiled(name: string, using = codec): MethodCodec {
  const found = methods.find((entry) => entry.name === name)
  if (found === undefined) throw new Error(name)
  return using.forMethod(idl, service, found)
}

/** The body after a trip to bytes and back. */
const back = (name: string, json: string, format: Partial<ValueFormat> = {}): string =>
  compiled(name).decodeRequest(compiled(name).encodeRequest(json, 1), { ...plainFormat, ...format }).json

function refusal(name: string, json: string): string {
  try {
    compiled(name).encodeRequest(json, 1)
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return english.error(thrown.data)
    throw thrown
  }
}

const warningsOf = (name: string, json: string): readonly string[] => {
  const found: ErrorData[] = []
  compiled(name).encodeRequest(json, 1, (warning) => found.push(warning))
  return found.map((warning) => english.error(warning))
}

describe('bodies', () => {
  it.each([
    ['User', '{"id":9223372036854775807}', '{"id":9223372036854775807}'],
    ['User', '{"id":"-9223372036854775808"}', '{"id":-9223372036854775808}'],
    ['User', '{"id":9007199254740993}', '{"id":9007199254740993}'],
    ['User', '{"id":1e3, "age": 5.0}', '{"id":1000,"age":5}'],
    ['User', '{"id":1,"years":3}', '{"id":1,"age":3}'],
    ['User', '{"id":1,"role":"ROOT"}', '{"id":1,"role":"ADMIN"}'],
    ['User', '{"id":1,"role":2}', '{"id":1,"role":"GUEST"}'],
    ['User', '{"id":1,"role":"2"}', '{"id":1,"role":"GUEST"}'],
    ['User', '{"id":1,"role":77}', '{"id":1,"role":77}'],
    ['User', '{"id":1,"name":null}', '{"id":1}'],
    ['User', '{"id":1,"data":"-_8"}', '{"id":1,"data":"+/8="}'],
    ['User', '{"id":1,"data":{"$file":"a.bin"}}', '{"id":1,"data":"AQI="}'],
    ['User', '{"id":1,"byRole":{"ADMIN":1,"2":2}}', '{"id":1,"byRole":{"ADMIN":1,"GUEST":2}}'],
    ['User', '{"id":1,"byRole":[["ADMIN",1],[2,2]]}', '{"id":1,"byRole":{"ADMIN":1,"GUEST":2}}'],
    ['User', '{"id":1,"points":[[{"x":1,"y":2},"a"]]}', '{"id":1,"points":[[{"x":1,"y":2},"a"]]}'],
    ['User', '{"id":1,"key":"00112233-4455-6677-8899-AABBCCDDEEFF"}', '{"id":1,"key":"00112233-4455-6677-8899-aabbccddeeff"}'],
    ['User', '{"id":1,"choice":{"right":"x"}}', '{"id":1,"choice":{"right":"x"}}'],
    ['Odd', '{"__proto__":1,"constructor":"c","toString":true}', '{"__proto__":1,"constructor":"c","toString":true}'],
    ['Double', '-0.0', '-0.0'],
    ['Double', '"NaN"', '"NaN"'],
    ['Double', '"-Infinity"', '"-Infinity"'],
    ['Double', '"1.5e3"', '1500'],
    ['Double', '0.1', '0.1'],
  ])('%s reads %s', (name, json, expected) => {
    expect(back(name, json)).toBe(expected)
  })

  it('writes IDL defaults and zeros for absent fields, but never an empty struct', () => {
    expect(back('Nested', '{}')).toBe('{"count":0,"names":[],"greeting":"hello"}')
    expect(back('Point', '{"x":null}')).toBe('{"x":0,"y":7}')
  })

  it.each([
    ['User', '{"req":{"id":5}}', '{"id":5}'],
    ['Holder', '{"req":5}', '{"req":5}'],
    ['Str', 'plain text, no JSON', '"plain text, no JSON"'],
    ['Str', '"quoted"', '"quoted"'],
    ['Str', '{"msg":"wrapped"}', '"wrapped"'],
    ['Str', '{"other":1}', '"{\\"other\\":1}"'],
    ['Str', '', '""'],
    ['Map', '{"m":5}', '{"m":5}'],
    ['IntMap', '{"m":{"5":6}}', '{"5":6}'],
    ['Add', '{"b":2,"a":1}', '{"a":1,"b":2}'],
    ['None', '{}', '{}'],
    ['None', '', '{}'],
  ])('the body of %s may be %s', (name, json, expected) => {
    expect(back(name, json)).toBe(expected)
  })

  it.each([
    ['User', '{"id":1,\n "naem":"x"}', '2:2 naem: User has no field "naem". Did you mean "name"?'],
    ['User', '{"id":1,"zzzzzzz":1}', '1:9 zzzzzzz: User has no field "zzzzzzz".'],
    ['User', '{"id":1,"friends":[{"id":2},{"id":"abc"}]}', '1:35 friends[1].id: Expected an integer (i64), found string.'],
    ['User', '{"id":1,"friends":[{"name":"x"}]}', '1:20 friends[0].id: User requires the field "id" (i64): add it.'],
    ['User', '{}', '1:1 id: User requires the field "id" (i64): add it.'],
    ['User', '{"id":9223372036854775808}', '1:7 id: 9223372036854775808 does not fit in i64: the range is -9223372036854775808 to 9223372036854775807.'],
    ['User', '{"id":1e400}', '1:7 id: 1e400 does not fit in i64: the range is -9223372036854775808 to 9223372036854775807.'],
    ['User', '{"id":1,"age":2147483648}', '1:15 age: 2147483648 does not fit in i32: the range is -2147483648 to 2147483647.'],
    ['User', '{"id":1.5}', '1:7 id: 1.5 has a fraction, i64 takes whole numbers.'],
    ['User', '{"id":1,"byRole":{"ADMIN":128}}', '1:27 byRole.ADMIN: 128 does not fit in i8: the range is -128 to 127.'],
    ['User', '{"id":1,"role":"GEUST"}', '1:16 role: Role has no value "GEUST". Did you mean "GUEST"?'],
    ['User', '{"id":1,"flag":1}', '1:16 flag: Expected true or false (bool), found number.'],
    ['User', '{"id":1,"name":5}', '1:16 name: Expected a string (string), found number.'],
    ['User', '{"id":1,"tags":"a"}', '1:16 tags: Expected an array (set<string>), found string.'],
    ['User', '{"id":1,"tags":["a",null]}', '1:21 tags[1]: null cannot be an element (string): remove it or give a value.'],
    ['User', '{"id":1,"choice":{}}', '1:18 choice: The union Choice needs one member, none is set: choose one of left, right.'],
    ['User', '{"id":1,"choice":{"left":1,"right":"x"}}', '1:18 choice: The union Choice takes one member, several are set (left, right): keep one.'],
    ['User', '{"id":1,"data":"a b"}', '1:16 data: This is no base64 (binary): check for stray characters, blanks or a wrong length.'],
    ['User', '{"id":1,"data":{"$file":"gone"}}', '1:16 data: The file "gone" cannot be read: ENOENT.'],
    ['User', '{"id":1,"points":{"a":"b"}}', '1:19 points.a: Keys of type Point do not fit in an object: write the map as an array of [key, value].'],
    ['User', '{"id":1,"name":"\\ud800"}', '1:16 name: The string holds half of a surrogate pair (U+d800), which has no UTF-8 form: complete or remove it.'],
    ['User', '{"id":1', '1:1: The object that opens here is not closed: expected a comma or }.'],
    ['User', '[]', '1:1: Expected an object (User), found array.'],
    ['Str', '"open', '1:1: The string that opens here is not closed: expected a double quote.'],
    ['Add', '[1,2]', '1:1: Expected an object by argument name (a, b, point), found array.'],
    ['Add', '{"a":1,"c":2}', '1:8 c: S.Add_args has no field "c".'],
    ['Double', '1e999', '1:1: 1e999 is beyond the range of a double: write "Infinity" if that is meant.'],
  ])('%s refuses %s', (name, json, expected) => {
    expect(refusal(name, json)).toBe(expected)
  })

  it('refuses files where none may be read', () => {
    expect(() => compiled('User', createThriftBinary()).encodeRequest('{"id":1,"data":{"$file":"a.bin"}}', 1)).toThrow('codec.body.noFiles')
  })

  it('warns of repeated keys and repeated elements of a set, and sends them', () => {
    expect(warningsOf('User', '{"id":1,"id":2,"tags":["a","b","a"]}')).toEqual([
      '1:9: The key "id" is repeated: the last value counts.',
      '1:32 tags[2]: This element of the set is repeated; it is sent as written.',
    ])
    expect(back('User', '{"id":1,"id":2,"tags":["a","b","a"]}')).toBe('{"id":2,"tags":["a","b","a"]}')
  })
})

describe('values shown', () => {
  it('in the formats that can be asked for', () => {
    const json = '{"id":5,"role":"ADMIN","data":"YWI=","byRole":{"GUEST":1}}'
    expect(back('User', json, { int64: 'string', enums: 'number', binary: 'hex' })).toBe('{"id":"5","role":1,"data":"6162","byRole":{"2":1}}')
    expect(back('User', json, { binary: 'utf8' })).toContain('"data":"ab"')
    expect(back('Nested', '{"greeting":"x"}', { defaults: true })).toBe('{"inner":null,"count":0,"names":[],"greeting":"x"}')
  })

  it('keep bytes that are no UTF-8, say where they are, and send them back', () => {
    const message = compiled('Str').encodeRequest('"a?\u00e9?"', 1)
    message[message.indexOf('?')] = 0xff
    const { json, warnings } = compiled('Str').decodeRequest(message)
    expect(json).toBe('"a\\udcff\u00e9?"')
    expect(warnings.map((warning) => english.error(warning))).toEqual(['msg: The bytes of this string are no UTF-8; each such byte is shown as \\udc80 to \\udcff and sent back unchanged.'])
    expect(compiled('Str').encodeRequest(json, 1)).toEqual(message)
  })

  it('keep fields that the IDL does not have, of every type, and write them back unchanged', () => {
    const everything: IdlType = ref('User')
    const newer = method('Older', [[1, 'req', everything]], nothing)
    const json = '{"id":1,"name":"x","age":-5,"tags":["t"],"friends":[{"id":2,"score":0.5}],"data":"/w==","byRole":{"ADMIN":1},"points":[[{"x":1,"y":2},"p"]],"key":"00112233-4455-6677-8899-aabbccddeeff","flag":true}'
    const message = codec.forMethod(idl, service, newer).encodeRequest(json, 1)
    const read = compiled('Older').decodeRequest(message)
    expect(JSON.parse(read.json)).toEqual({
      id: 1,
      $unknown: [
        { id: 2, type: 'string', value: 'x' },
        { id: 3, type: 'i32', value: -5 },
        { id: 5, type: 'set<string>', value: ['t'] },
        { id: 6, type: 'list<struct>', value: [[{ id: 1, type: 'i64', value: 2 }, { id: 9, type: 'double', value: 0.5 }]] },
        { id: 8, type: 'string', value: { base64: '/w==' } },
        { id: 10, type: 'map<i32,i8>', value: [[1, 1]] },
        { id: 11, type: 'map<struct,string>', value: [[[{ id: 1, type: 'i16', value: 1 }, { id: 2, type: 'i16', value: 2 }], 'p']] },
        { id: 12, type: 'uuid', value: '00112233-4455-6677-8899-aabbccddeeff' },
        { id: 13, type: 'bool', value: true },
      ],
    })
    expect(english.error(read.warnings[0] as ErrorData)).toBe('req: Field 2 (string) is not in Older of this IDL; it is kept under "$unknown".')
    expect(compiled('Older').encodeRequest(read.json, 1)).toEqual(message)
  })

  it('keep a field that came with another type, with a warning', () => {
    const other = method('Older', [[1, 'req', ref('Holder')]], nothing)
    const read = compiled('Older').decodeRequest(codec.forMethod(idl, service, other).encodeRequest('{"req":5}', 1))
    expect(read.json).toBe('{"$unknown":[{"id":1,"type":"i32","value":5}]}')
    expect(read.warnings.map((warning) => english.error(warning))).toEqual(['req.id: Expected i64, came as i32; it is kept under "$unknown". The peer has another IDL.'])
  })
})
