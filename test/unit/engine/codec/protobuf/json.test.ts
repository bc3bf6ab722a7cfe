// ProtoJSON case by case: what is read and how it is written back, and what is refused with which words. The cases are those that the
// Protobuf conformance suite asks of every JSON parser, in words of our own.

import { fromJsonString, type FileRegistry } from '@bufbuild/protobuf'
import { beforeAll, describe, expect, it } from 'vitest'
import { KiteError, type ErrorData } from '../../../../../shared/base/error.ts'
import { createTranslator } from '../../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import { plainFormat, type ValueFormat } from '../../../../../src-main/engine/codec/codec.ts'
import { createProtobuf } from '../../../../../src-main/engine/codec/protobuf/protobuf.ts'
import { codecIdl, codecRegistry, descOf } from '../../../../support/proto-idl.ts'

const english = createTranslator('en')
const codec = createProtobuf({ readFile: (path) => Buffer.from(`bytes of ${path}`) })
let idl: IdlSet
let registry: FileRegistry

beforeAll(async () => {
  idl = await codecIdl()
  registry = codecRegistry()
})

/** What a body reads back as, or the words that refuse it. */
function back(type: string, json: string, format: Partial<ValueFormat> = {}): string {
  try {
    return codec.decodeType(idl, type, codec.encodeType(idl, type, json), { ...plainFormat, ...format }).json
  } catch (thrown) {
    if (thrown instanceof KiteError) return english.error(thrown.data)
    throw thrown
  }
}

function warningsOf(type: string, json: string): readonly string[] {
  const found: ErrorData[] = []
  const bytes = codec.encodeType(idl, type, json, (warning) => found.push(warning))
  return [...found, ...codec.decodeType(idl, type, bytes).warnings].map((warning) => english.error(warning))
}

describe('what is read', () => {
  it.each([
    ['both names of a field', 'codec.v3.Scalars', '{"f_int32":1,"fInt64":2}', '{"fInt32":1,"fInt64":2}'],
    ['a name of its own for JSON, and the one in the source', 'codec.v3.Choice', '{"renamed":"a"}', '{"@other":"a"}'],
    ['integers as strings, with a fraction of zeros, with an exponent', 'codec.v3.Lists', '{"fInt32":["12",3.0,1e3,"-2.50e1"]}', '{"fInt32":[12,3,1000,-25]}'],
    ['the ends of 64 bits', 'codec.v3.Lists', '{"fInt64":[-9223372036854775808,"9223372036854775807"],"fUint64":[18446744073709551615]}', '{"fInt64":[-9223372036854775808,9223372036854775807],"fUint64":[18446744073709551615]}'],
    ['numbers around 2^53', 'codec.v3.Lists', '{"fSint64":[9007199254740991,9007199254740993,-9007199254740993],"fFixed64":[9007199254740993]}', '{"fSint64":[9007199254740991,9007199254740993,-9007199254740993],"fFixed64":[9007199254740993]}'],
    ['floating point numbers, words and zeros', 'codec.v3.Lists', '{"fDouble":[1.0,-0,-0.0,"NaN","-Infinity",5e-324,"1e3"],"fFloat":[0.1,3.4028235e38,1e-45,16777216,-0.0]}', '{"fDouble":[1,-0.0,-0.0,"NaN","-Infinity",5e-324,1000],"fFloat":[0.1,3.4028235e+38,1e-45,16777216,-0.0]}'],
    ['base64 of both alphabets, padded or not', 'codec.v3.Lists', '{"fBytes":["-_8=","+/8","AQ==","AQ",""]}', '{"fBytes":["+/8=","+/8=","AQ==","AQ==",""]}'],
    ['bytes from a file', 'codec.v3.Scalars', '{"fBytes":{"$file":"a"}}', `{"fBytes":"${Buffer.from('bytes of a').toString('base64')}"}`],
    ['enums by name, alias and number, known or not', 'codec.v3.Lists', '{"fColor":["RED","CRIMSON",1,-2,77]}', '{"fColor":["RED","RED","RED","BLUE",77]}'],
    ['keys of every type', 'codec.v3.Maps', '{"byInt64":{"-9223372036854775808":1},"byBool":{"true":1,"false":2},"byUint64":{"18446744073709551615":"AQ=="}}', '{"byInt64":{"-9223372036854775808":1},"byUint64":{"18446744073709551615":"AQ=="},"byBool":{"true":1,"false":2}}'],
    ['null as absent, wherever it stands', 'codec.v3.Scalars', '{"fInt32":null,"fString":null,"fBytes":null}', '{}'],
    ['null lists, maps and messages as absent', 'codec.v3.Everything', '{"more":null,"lists":{"fInt32":null},"maps":{"byInt32":null},"choice":null}', '{"lists":{},"maps":{}}'],
    ['null in a oneof as not set', 'codec.v3.Choice', '{"text":null,"number":5}', '{"number":5}'],
    ['null as the null that a NullValue is', 'codec.v3.Choice', '{"nothing":null}', '{"nothing":null}'],
    ['null as the null that a Value is', 'codec.v3.Choice', '{"value":null}', '{"value":null}'],
    ['the name of NullValue', 'codec.v3.Choice', '{"nothing":"NULL_VALUE"}', '{"nothing":null}'],
    ['zeros where they are present', 'codec.v3.Choice', '{"maybe":0,"maybeText":""}', '{"maybe":0,"maybeText":""}'],
    ['zeros of a oneof', 'codec.v3.Choice', '{"number":0}', '{"number":0}'],
    ['zeros where they are absent', 'codec.v3.Scalars', '{"fInt32":0,"fString":"","fBytes":"","fBool":false,"fDouble":0,"fColor":"COLOR_NONE"}', '{}'],
    ['the presence of editions', 'codec.e2023.Node', '{"required":0,"explicit":0,"implicit":0}', '{"explicit":0,"required":0}'],
    ['groups and what is delimited', 'codec.e2023.Node', '{"required":1,"delimited":{"leaf":{"name":"x"}},"leaves":[{},{"name":"y"}]}', '{"required":1,"delimited":{"leaf":{"name":"x"}},"leaves":[{},{"name":"y"}]}'],
    ['extensions by their full names', 'codec.v2.Order', '{"id":1,"[codec.v2.coupon]":"c","[codec.v2.Order.Note.note]":{"text":"t"}}', '{"id":1,"[codec.v2.coupon]":"c","[codec.v2.Order.Note.note]":{"text":"t"}}'],
    ['an empty body', 'codec.v3.Choice', ' ', '{}'],
    ['a null body', 'codec.v3.Choice', 'null', '{}'],
    ['times with fractions and offsets', 'codec.v3.Known', '{"times":["1970-01-01T00:00:00Z","2026-02-28T23:59:59.9+08:00","0001-01-01T00:00:00Z","9999-12-31T23:59:59.999999999Z","2024-02-29T00:00:00-23:59"]}', '{"times":["1970-01-01T00:00:00Z","2026-02-28T15:59:59.900Z","0001-01-01T00:00:00Z","9999-12-31T23:59:59.999999999Z","2024-02-29T23:59:00Z"]}'],
    ['a duration', 'codec.v3.Known', '{"duration":"-0.5s"}', '{"duration":"-0.500s"}'],
    ['the longest duration', 'codec.v3.Known', '{"duration":"315576000000.999999999s"}', '{"duration":"315576000000.999999999s"}'],
    ['a time as its fields', 'codec.v3.Known', '{"timestamp":{"seconds":5,"nanos":7}}', '{"timestamp":"1970-01-01T00:00:05.000000007Z"}'],
    ['a field mask', 'codec.v3.Known', '{"mask":"userName,photo.smallUrl"}', '{"mask":"userName,photo.smallUrl"}'],
    ['wrappers, and null for an absent one', 'codec.v3.Known', '{"wInt64":"0","wBool":false,"wString":"","wBytes":null,"wDouble":"NaN"}', '{"wDouble":"NaN","wInt64":0,"wBool":false,"wString":""}'],
    ['any JSON as a Value', 'codec.v3.Known', '{"value":{"a":[1,"b",null,true,{"c":-0.0}]},"list":[],"struct":{}}', '{"struct":{},"value":{"a":[1,"b",null,true,{"c":-0.0}]},"list":[]}'],
    ['an Any of a message', 'codec.v3.Known', '{"any":{"f_int32":5,"@type":"type.googleapis.com/codec.v3.Scalars"}}', '{"any":{"@type":"type.googleapis.com/codec.v3.Scalars","fInt32":5}}'],
    ['an Any of a well-known type', 'codec.v3.Known', '{"any":{"@type":"type.googleapis.com/google.protobuf.Value","value":[1]}}', '{"any":{"@type":"type.googleapis.com/google.protobuf.Value","value":[1]}}'],
    ['an Any of nothing', 'codec.v3.Known', '{"any":{}}', '{"any":{}}'],
    ['an Any of Empty in both forms', 'codec.v3.Known', '{"anys":[{"@type":"a/google.protobuf.Empty","value":{}},{"@type":"a/google.protobuf.Empty"}]}', '{"anys":[{"@type":"a/google.protobuf.Empty"},{"@type":"a/google.protobuf.Empty"}]}'],
    ['an Any of a type that is not loaded, as it is', 'codec.v3.Known', '{"any":{"typeUrl":"a/b.C","value":"AQ=="}}', '{"any":{"typeUrl":"a/b.C","value":"AQ=="}}'],
    ['text of every kind', 'codec.v3.Scalars', '{"fString":"\\ud83d\\ude80 \\u0000 \\" \u2028"}', `{"fString":${JSON.stringify('🚀 \u0000 " \u2028')}}`],
  ])('%s', (_, type, json, expected) => {
    expect(back(type, json)).toBe(expected)
  })
})

describe('what is refused', () => {
  it.each([
    ['a number out of range', 'codec.v3.Scalars', '{"fInt32":2147483648}', '1:11 fInt32: 2147483648 does not fit in int32: the range is -2147483648 to 2147483647.'],
    ['a negative number without a sign', 'codec.v3.Scalars', '{"fUint32":-1}', '1:12 fUint32: -1 does not fit in uint32: the range is 0 to 4294967295.'],
    ['a number beyond 64 bits', 'codec.v3.Scalars', '{"fUint64":18446744073709551616}', '1:12 fUint64: 18446744073709551616 does not fit in uint64: the range is 0 to 18446744073709551615.'],
    ['a fraction', 'codec.v3.Scalars', '{"fInt32":0.5}', '1:11 fInt32: 0.5 has a fraction, int32 takes whole numbers.'],
    ['blanks around digits', 'codec.v3.Scalars', '{"fInt32":" 1"}', '1:11 fInt32: Expected an integer (int32), found string.'],
    ['a float out of range', 'codec.v3.Scalars', '{"fFloat":3.5e38}', '1:11 fFloat: 3.5e38 is out of range of float: write "Infinity" if that is meant.'],
    ['a double out of range', 'codec.v3.Scalars', '{"fDouble":-1.9e308}', '1:12 fDouble: -1.9e308 is out of range of double: write "Infinity" if that is meant.'],
    ['a word that is no number', 'codec.v3.Scalars', '{"fDouble":"nan"}', '1:12 fDouble: Expected a number (double), found string.'],
    ['a number for a string', 'codec.v3.Scalars', '{"fString":1}', '1:12 fString: Expected a string (string), found number.'],
    ['a string for a bool', 'codec.v3.Scalars', '{"fBool":"true"}', '1:10 fBool: Expected true or false (bool), found string.'],
    ['an unknown enum name', 'codec.v3.Scalars', '{"fColor":"REDD"}', '1:11 fColor: Color has no value "REDD". Did you mean "RED"?'],
    ['an unknown field', 'codec.v3.Scalars', '{"fInt23":1}', '1:2 fInt23: Scalars has no field "fInt23". Did you mean "fInt32"?'],
    ['an unknown extension', 'codec.v2.Order', '{"id":1,"[codec.v2.cupon]":"x"}', '1:9 ["[codec.v2.cupon]"]: Order has no field "[codec.v2.cupon]". Did you mean "[codec.v2.coupon]"?'],
    ['one field by both of its names', 'codec.v3.Scalars', '{"fInt32":1,"f_int32":2}', '1:13 f_int32: One field is set twice, as "fInt32" and as "f_int32": keep one.'],
    ['two members of a oneof', 'codec.v3.Choice', '{"text":"a","number":"1"}', '1:13 number: The oneof kind takes one member, several are set (text, number): keep one.'],
    ['a required field that is missing', 'codec.v2.Order', '{"children":[{"id":2},{}]}', '1:23 children[1].id: Order requires the field "id" (int64): add it.'],
    ['null in a list', 'codec.v3.Lists', '{"fInt32":[1,null]}', '1:14 fInt32[1]: null cannot be an element (int32): remove it or give a value.'],
    ['null in a map', 'codec.v3.Maps', '{"byInt32":{"1":null}}', '1:17 byInt32["1"]: null cannot be an element (string): remove it or give a value.'],
    ['an object for a list', 'codec.v3.Lists', '{"fInt32":{}}', '1:11 fInt32: Expected an array (repeated int32), found object.'],
    ['an array for a message', 'codec.v3.Everything', '{"scalars":[]}', '1:12 scalars: Expected an object (codec.v3.Scalars), found array.'],
    ['a key that is no number', 'codec.v3.Maps', '{"byInt32":{"a":"b"}}', '1:13 byInt32.a: Expected an integer (int32), found string.'],
    ['a key that is no bool', 'codec.v3.Maps', '{"byBool":{"1":1}}', '1:12 byBool["1"]: Expected true or false (bool), found string.'],
    ['half a surrogate pair', 'codec.v3.Scalars', '{"fString":"\\ud800"}', '1:12 fString: The string holds half of a surrogate pair (U+d800), which has no UTF-8 form: complete or remove it.'],
    ['bytes that are no text, as text', 'codec.v3.Scalars', '{"fString":"\\udcff"}', '1:12 fString: This text holds bytes that are no UTF-8, which string refuses: use a bytes field.'],
    ['a day that is none', 'codec.v3.Known', '{"timestamp":"2026-02-29T00:00:00Z"}', '1:14 timestamp: Expected a time such as "2026-01-31T12:00:00Z", found "2026-02-29T00:00:00Z".'],
    ['small letters in a time', 'codec.v3.Known', '{"timestamp":"2026-02-20t00:00:00z"}', '1:14 timestamp: Expected a time such as "2026-01-31T12:00:00Z", found "2026-02-20t00:00:00z".'],
    ['a time without an offset', 'codec.v3.Known', '{"timestamp":"2026-02-20T00:00:00"}', '1:14 timestamp: Expected a time such as "2026-01-31T12:00:00Z", found "2026-02-20T00:00:00".'],
    ['the year 0', 'codec.v3.Known', '{"timestamp":"0000-01-01T00:00:00Z"}', '1:14 timestamp: 0000-01-01T00:00:00Z is out of range: a Timestamp takes the years 1 to 9999.'],
    ['a time that its offset moves out of range', 'codec.v3.Known', '{"timestamp":"9999-12-31T23:59:59-00:01"}', '1:14 timestamp: 9999-12-31T23:59:59-00:01 is out of range: a Timestamp takes the years 1 to 9999.'],
    ['a duration without its letter', 'codec.v3.Known', '{"duration":"1"}', '1:13 duration: Expected a duration in seconds such as "1.5s", found "1".'],
    ['too long a duration', 'codec.v3.Known', '{"duration":"315576000001s"}', '1:13 duration: 315576000001s is out of range: a Duration takes up to 315576000000 seconds.'],
    ['a field mask in snake_case', 'codec.v3.Known', '{"mask":"user_name"}', '1:9 mask: Expected field paths in lowerCamelCase such as "user.displayName,photo", found "user_name".'],
    ['NaN as a Value', 'codec.v3.Known', '{"value":NaN}', '1:10 value: A google.protobuf.Value takes no NaN and no Infinity: give a number or a string.'],
    ['an Any without a type', 'codec.v3.Known', '{"any":{"fInt32":1}}', '1:8 any: An Any needs "@type" such as "type.googleapis.com/package.Message", or "typeUrl" with "value" as base64.'],
    ['an Any of a type that is not loaded', 'codec.v3.Known', '{"any":{"@type":"a/b.C"}}', '1:17 any["@type"]: The IDL has no type "a/b.C": load its file, or give "typeUrl" with "value" as base64.'],
    ['an Any of a well-known type without its value', 'codec.v3.Known', '{"any":{"@type":"a/google.protobuf.Duration","seconds":1}}', '1:8 any: An Any of google.protobuf.Duration holds "@type" and "value" and nothing else.'],
    ['no JSON at all', 'codec.v3.Known', '{"any":', '1:8: Expected a JSON value, but the text ends here.'],
  ])('%s', (_, type, json, expected) => {
    expect(back(type, json)).toBe(expected)
  })

  it.each([
    ['codec.v3.Scalars', '{"fInt32":2147483648}'], ['codec.v3.Scalars', '{"fInt32":0.5}'], ['codec.v3.Scalars', '{"fFloat":3.5e38}'], ['codec.v3.Scalars', '{"fBool":"true"}'],
    ['codec.v3.Choice', '{"text":"a","number":"1"}'], ['codec.v3.Lists', '{"fInt32":[1,null]}'], ['codec.v3.Known', '{"timestamp":"0000-01-01T00:00:00Z"}'], ['codec.v3.Known', '{"mask":"user_name"}'],
  ])('@bufbuild/protobuf refuses it in %s too: %s', (type, json) => {
    expect(() => fromJsonString(descOf(registry, type), json, { registry })).toThrow()
  })
})

describe('formats', () => {
  const everything = '{"fInt64":"9007199254740993","fBytes":"aGk=","fColor":"RED"}'

  it.each([
    [{ int64: 'string' }, '{"fInt64":"9007199254740993","fBytes":"aGk=","fColor":"RED"}'],
    [{ enums: 'number' }, '{"fInt64":9007199254740993,"fBytes":"aGk=","fColor":1}'],
    [{ binary: 'hex' }, '{"fInt64":9007199254740993,"fBytes":"6869","fColor":"RED"}'],
    [{ binary: 'utf8' }, '{"fInt64":9007199254740993,"fBytes":"hi","fColor":"RED"}'],
  ] as const)('%j', (format, expected) => {
    expect(back('codec.v3.Scalars', everything, format)).toBe(expected)
  })

  it('defaults shows what has no presence, and nothing else', () => {
    expect(back('codec.v3.Choice', '{}', { defaults: true })).toBe('{"@other":""}')
    expect(back('codec.v3.Scalars', '{}', { defaults: true })).toBe(
      '{"fDouble":0,"fFloat":0,"fInt32":0,"fInt64":0,"fUint32":0,"fUint64":0,"fSint32":0,"fSint64":0,"fFixed32":0,"fFixed64":0,"fSfixed32":0,"fSfixed64":0,"fBool":false,"fString":"","fBytes":"","fColor":"COLOR_NONE"}',
    )
  })

  it('floats have the digits of floats', () => {
    const values = [0.1, 1 / 3, 1e-7, 123456.79, 3.4028235e38, 1.17549435e-38, 1e-45, 7.006492e-45, 8388607.5, 16777217, 1e10]
    const shown = JSON.parse(back('codec.v3.Lists', `{"fFloat":[${values.join()}]}`)).fFloat as readonly number[]
    expect(shown.map(Math.fround)).toEqual(values.map(Math.fround))
    expect(shown).toEqual([0.1, 0.33333334, 1e-7, 123456.79, 3.4028235e38, 1.1754944e-38, 1e-45, 7e-45, 8388607.5, 16777216, 1e10])
  })
})

describe('what the IDL does not know', () => {
  const each = 'a006ff01 a9060100000000000080 b2060568656c6c6f bb06c00601bc06 c50602000000'

  it('is shown, flagged and written back to the same bytes', () => {
    const message = Buffer.from(`0a0161 1203616263 1a020001 ${each}`.replaceAll(' ', ''), 'hex')
    const { json, warnings } = codec.decodeType(idl, 'codec.e2023.Leaf', message)
    expect(codec.encodeType(idl, 'codec.e2023.Leaf', json).toString('hex')).toBe(message.toString('hex'))
    expect(warnings.slice(0, 3).map((one) => english.error(one))).toEqual([
      'leaf: Expected Leaf, came as len; it is kept under "$unknown". The peer has another IDL.',
      'Field 3 (len) is not in Leaf of this IDL; it is kept under "$unknown".',
      'Field 100 (varint) is not in Leaf of this IDL; it is kept under "$unknown".',
    ])
  })

  it('says each wire type', () => {
    const message = Buffer.from(each.replaceAll(' ', ''), 'hex')
    expect(codec.decodeType(idl, 'codec.e2023.Leaf', message).json).toBe(
      '{"$unknown":[{"id":100,"type":"varint","value":255},{"id":101,"type":"i64","value":9223372036854775809},{"id":102,"type":"len","value":"hello"},{"id":103,"type":"group","value":[{"id":104,"type":"varint","value":1}]},{"id":104,"type":"i32","value":2}]}',
    )
  })

  it.each([
    ['{"$unknown":[{"id":0,"type":"varint","value":1}]}'],
    ['{"$unknown":[{"id":536870912,"type":"varint","value":1}]}'],
    ['{"$unknown":[{"id":1,"type":"varint","value":"x"}]}'],
    ['{"$unknown":[{"id":1,"type":"varint","value":18446744073709551616}]}'],
    ['{"$unknown":[{"id":1,"type":"i32","value":4294967296}]}'],
    ['{"$unknown":[{"id":1,"type":"len","value":5}]}'],
    ['{"$unknown":[{"id":1,"type":"group","value":{}}]}'],
    ['{"$unknown":{}}'],
  ])('%s is refused', (json) => {
    expect(back('codec.v3.Choice', json)).toContain('Entries of "$unknown" are')
  })

  it('numbers that closed enums lack are kept beside', () => {
    expect(back('codec.v2.Order', '{"id":1,"size":7,"sizes":["SMALL",9],"voucher":8,"sizeByName":{"a":3,"b":"LARGE"}}')).toBe(
      '{"id":1,"sizes":["SMALL"],"sizeByName":{"b":"LARGE"},"$unknown":[{"id":3,"type":"varint","value":7},{"id":4,"type":"varint","value":9},{"id":8,"type":"len","value":{"base64":"CgFhEAM="}},{"id":10,"type":"varint","value":8}]}',
    )
    expect(warningsOf('codec.v2.Order', '{"id":1,"size":7}')).toEqual([
      '1:16 size: The closed enum Size has no number 7: readers keep it among the unknown fields.',
      'size: The enum Size lacks a number that came; it is kept under "$unknown".',
    ])
  })
})

describe('what came and has no JSON form', () => {
  it.each([
    ['a time out of range', '{"timestamp":{"seconds":253402300800}}', '{"timestamp":{"seconds":253402300800}}', 'timestamp: This google.protobuf.Timestamp has no JSON form of its own: out of range, or not reversible.'],
    ['negative nanoseconds', '{"timestamp":{"nanos":-1}}', '{"timestamp":{"nanos":-1}}', 'timestamp: This google.protobuf.Timestamp has no JSON form of its own: out of range, or not reversible.'],
    ['a duration of two signs', '{"duration":{"seconds":1,"nanos":-1}}', '{"duration":{"seconds":1,"nanos":-1}}', 'duration: This google.protobuf.Duration has no JSON form of its own: out of range, or not reversible.'],
    ['a mask that would not come back', '{"mask":{"paths":["a_1"]}}', '{"mask":{"paths":["a_1"]}}', 'mask: This google.protobuf.FieldMask has no JSON form of its own: out of range, or not reversible.'],
    ['an Any that nobody knows', '{"any":{"typeUrl":"a/b.C","value":"AQ=="}}', '{"any":{"typeUrl":"a/b.C","value":"AQ=="}}', 'any: The IDL has no type "a/b.C": the Any is shown with its bytes as base64.'],
    ['an Any that holds something else', '{"any":{"typeUrl":"a/codec.v3.Scalars","value":"DwE="}}', '{"any":{"typeUrl":"a/codec.v3.Scalars","value":"DwE="}}', 'any: The bytes of this Any are no message of type "a/codec.v3.Scalars"; they are shown as base64.'],
  ])('%s', (_, json, expected, warning) => {
    expect(back('codec.v3.Known', json)).toBe(expected)
    expect(warningsOf('codec.v3.Known', json)).toEqual([warning])
  })

  it('a Value without a kind is null, with a warning', () => {
    const { json, warnings } = codec.decodeType(idl, 'codec.v3.Known', Buffer.from('3200', 'hex'))
    expect(json).toBe('{"value":null}')
    expect(warnings.map((one) => english.error(one))).toEqual(['value: This google.protobuf.Value came without a value; it is shown as null.'])
  })

  it('a required field that did not come is a warning, so that the rest can be read', () => {
    const { json, warnings } = codec.decodeType(idl, 'codec.v2.Order', Buffer.from('72021200', 'hex'))
    expect(json).toBe('{"children":[{"name":""}]}')
    expect(warnings.map((one) => english.error(one))).toEqual(['Order requires the field "id", which did not come.', 'children[0]: Order requires the field "id", which did not come.'])
  })
})

describe('types by name', () => {
  it.each([
    ['codec.v3.Choice', '{}'],
    ['.codec.v3.Choice', '{}'],
    ['Choice', '{}'],
    ['Order.Note', '{}'],
    ['codec.v3.Codec/Nothing#args', '{}'],
    ['codec.v3.Codec/Nothing#result', '""'],
    ['Nothing#result', '""'],
    ['Choise', 'The IDL has no message "Choise": use a message name, Service/Method#args or Service/Method#result. Did you mean "Choice"?'],
  ])('%s', (type, expected) => {
    expect(back(type, type.endsWith('result') ? '""' : '{}')).toBe(expected)
  })
})
