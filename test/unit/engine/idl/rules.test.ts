// One case for each rule: the text, and every finding it gives, worded in English.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorDiagnostics, keyOf, warningDiagnostics } from '../../../../src-main/engine/idl/diagnostics.ts'
import { en } from '../../../../shared/i18n/catalogue.ts'
import { rulesText } from '../../../support/proto-rules.ts'
import { findingsOf, loadText } from './load-text.ts'

type Case = readonly [name: string, text: string, findings: readonly string[]]

const syntax: readonly Case[] = [
  ['a full-width mark is read as the one that was meant', 'struct A { 1：i32 a，2: i32 b }', [
    '1:13 bad-character: Unexpected character ： | Use : instead',
    '1:19 bad-character: Unexpected character ， | Use , instead',
  ]],
  ['a plain space is asked for where a wide one stands', 'struct\u3000A { 1: i32 a }', [
    '1:7 bad-character: Unexpected character U+3000 | Replace it by a plain space',
  ]],
  ['an open literal ends at its line', 'const string A = "x\nstruct B { 1: i32 b }', [
    '1:18 unterminated-literal: The literal "x is not closed | Close it with "',
  ]],
  ['an open comment is shown where it opens', 'struct A {}\n/* no end\nstruct B {}', [
    '2:1 unterminated-comment: The comment opened here is not closed',
  ]],
  ['a point wants a digit after it', 'const double A = 1.', [
    '1:18 bad-number: 1. is not a number | Write 1.0',
  ]],
  ['digits outside their base are refused', 'const i32 A = 09\nconst i32 B = 0xZZ\nenum E { A = 08 }', [
    '1:15 bad-number: 09 is not a number',
    '2:15 bad-number: 0xZZ is not a number',
    '3:14 bad-number: 08 is not a number',
  ]],
  ['each broken field is one error and its neighbours live', 'struct A {\n  1: i32\n  2: i32 b\n  : i32 c\n  4 i32 d\n  5: list<i32 e\n  6: i32 f = \n  7: Gone g\n}', [
    '2:9 unexpected-token: Expected the name of the field, found "2"',
    '3:11 unexpected-token: Expected a type, found ":"',
    '5:5 unexpected-token: Expected ":", found "i32"',
    '6:15 unexpected-token: Expected ">", found "e"',
    '7:13 unexpected-token: Expected a value, found "7"',
    '8:6 unknown-type: Unknown type Gone',
  ]],
  ['a missing brace is found at the next definition', 'struct A {\n  1: i32 a\nstruct B { 1: Gone b }', [
    '1:1 unclosed-body: } is missing: struct A is not closed',
    '3:15 unknown-type: Unknown type Gone',
  ]],
  ['a missing parenthesis is found at the next definition', 'service S {\n  void f(1: i32 a\n}\nstruct B { 1: Gone b }', [
    '2:8 unclosed-body: ) is missing: f is not closed',
    '4:15 unknown-type: Unknown type Gone',
  ]],
  ['a broken definition does not hide the next', 'struct { 1: i32 a }\nenum 5 {}\nstruct C { 1: Gone c }', [
    '1:8 unexpected-token: Expected a name, found "{"',
    '3:15 unknown-type: Unknown type Gone',
  ]],
  ['a word that is no definition is refused once', 'strct A { 1: i32 a }\nstruct B { 1: Gone b }', [
    '1:1 unexpected-token: Expected a definition (const, typedef, enum, struct, union, exception or service) or a header, found "strct"',
    '2:15 unknown-type: Unknown type Gone',
  ]],
  ['an annotation wants a quoted value', 'struct A { 1: i32 a (x = 5, y = "1") 2: Gone b }', [
    '1:26 unexpected-token: Expected a quoted annotation value, found "5"',
    '1:41 unknown-type: Unknown type Gone',
  ]],
  ['an enum value wants an integer', 'enum E { A = "x", B = C, D }', [
    '1:14 unexpected-token: Expected an integer, found ""x""',
    '1:23 unexpected-token: Expected an integer, found "C"',
  ]],
  ['a map type wants two', 'struct A { 1: map<i32> a, 2: Gone b }', [
    '1:22 unexpected-token: Expected ",", found ">"',
    '1:30 unknown-type: Unknown type Gone',
  ]],
  ['a constant wants a value', 'const i32 A\nconst i32 B = }\nconst Gone C = 1', [
    '1:12 unexpected-token: Expected "=", found "const"',
    '2:15 unexpected-token: Expected a value, found "}"',
    '3:7 unknown-type: Unknown type Gone',
  ]],
  ['the end of the file may come too early', 'const i32 A =', [
    '1:14 unexpected-end: Unexpected end of file',
  ]],
]

const leniency: readonly Case[] = [
  ['a header after a definition', 'struct A {}\nnamespace go a', [
    '2:1 header-after-definition: namespace after a definition: thriftgo wants all headers first',
  ]],
  ['a separator after a definition', 'typedef i32 A; struct B {},', [
    '1:14 separator-after-definition: thriftgo refuses ; after a definition',
    '1:27 separator-after-definition: thriftgo refuses , after a definition',
  ]],
  ['an annotation without value', 'struct A { 1: i32 a (deprecated, x = "1") } (final)', [
    '1:22 annotation-without-value: Annotation deprecated has no value: read as "1", as Apache Thrift does; thriftgo refuses it',
    '1:46 annotation-without-value: Annotation final has no value: read as "1", as Apache Thrift does; thriftgo refuses it',
  ]],
  ['old namespaces', 'php_namespace a.b\nnamespace * c\npy_module "d"', [
    '1:1 legacy-namespace: php_namespace is an old form that thriftgo refuses | Use namespace php instead',
    '3:1 legacy-namespace: py_module is an old form that thriftgo refuses | Use namespace py instead',
  ]],
  ['senum and slist', 'senum A { "x", "y" }\nstruct B { 1: slist a, 2: A b }', [
    '1:1 legacy-keyword: senum is an old Apache Thrift form that thriftgo refuses',
    '2:15 legacy-keyword: slist is an old Apache Thrift form that thriftgo refuses',
  ]],
  ['async and references', 'struct A { 1: A & next }\nservice S { async void f() }', [
    '1:17 legacy-keyword: & is an old Apache Thrift form that thriftgo refuses',
    '2:13 legacy-keyword: async is an old Apache Thrift form that thriftgo refuses | Use oneway instead',
  ]],
  ['XML Schema words', 'struct A xsd_all { 1: i32 a xsd_optional xsd_nillable xsd_attrs { 1: i32 b } (x = "1") }', [
    '1:10 legacy-keyword: xsd_all is an old Apache Thrift form that thriftgo refuses',
    '1:29 legacy-keyword: xsd_optional is an old Apache Thrift form that thriftgo refuses',
    '1:42 legacy-keyword: xsd_nillable is an old Apache Thrift form that thriftgo refuses',
    '1:55 legacy-keyword: xsd_attrs is an old Apache Thrift form that thriftgo refuses',
  ]],
  ['cpp_type in the other place', 'struct A { 1: list cpp_type "x" <i32> a, 2: map<i32, i32> cpp_type "y" b, 3: set cpp_type "z" <i32> c, 4: list<i32> cpp_type "w" d }', [
    '1:20 cpp-type-position: cpp_type stands where thriftgo does not take it for a list',
    '1:59 cpp-type-position: cpp_type stands where thriftgo does not take it for a map',
  ]],
  ['required without a gap', 'struct Foo {}\nstruct requiredBar {}\nstruct A { 1: requiredFoo a, 2: requiredBar b, 3: optionali32 c, 4: requiredlist<i32> d }', [
    '3:15 glued-requiredness: requiredFoo is read as required Foo, as thriftgo does',
    '3:51 glued-requiredness: optionali32 is read as optional i32, as thriftgo does',
    '3:69 glued-requiredness: requiredlist is read as required list, as thriftgo does',
  ]],
  ['fields without ids, once a struct', 'struct A { i32 a, i32 b, 7: i32 c, i32 d }\nservice S { void f(i32 a) }', [
    '1:16 implicit-id: Field a has no id: thriftgo counts from 1 up, Apache Thrift from -1 down',
    '2:24 implicit-id: Field a has no id: thriftgo counts from 1 up, Apache Thrift from -1 down',
  ]],
  ['ids that are not positive', 'struct A { -1: i32 a, 0: i32 b }', [
    '1:12 non-positive-id: Field id -1 of a is not positive',
    '1:23 non-positive-id: Field id 0 of b is not positive',
  ]],
  ['ids that are not decimal', 'struct A { 0x10: i32 a }', [
    '1:12 field-id-form: Field id 0x10 of a is not decimal: thriftgo reads 0',
  ]],
  ['leading zeros', 'const i32 A = 010\nenum E { B = 011 }', [
    '1:15 octal: 010 is octal, 8 in decimal, as thriftgo reads it; Apache Thrift reads it as decimal',
    '2:14 octal: 011 is octal, 9 in decimal, as thriftgo reads it; Apache Thrift reads it as decimal',
  ]],
  ['hexadecimal as Apache has it', 'const i32 A = -0x10\nconst i32 B = 0X10', [
    '1:15 signed-hex: thriftgo refuses the form of -0x10',
    '2:15 signed-hex: thriftgo refuses the form of 0X10',
  ]],
  ['escapes in literals', 'const string A = "a\\nb"', [
    '1:18 literal-escape: Backslashes in "a\\nb" are kept as they are, as thriftgo does; Apache Thrift reads them as escapes',
  ]],
  ['dots in names', 'struct A.B { 1: i32 a.b }', [
    '1:8 dotted-name: A dot in the name A.B makes it hard to refer to',
    '1:21 dotted-name: A dot in the name a.b makes it hard to refer to',
  ]],
  ['an include twice', 'include "a.thrift"\ninclude "a.thrift"', [
    '2:9 duplicate-include: a.thrift is already included',
  ]],
  ['what a union, an argument and a throws clause make of requiredness', 'union U { 1: required i32 a }\nexception X {}\nservice S { void f(1: optional i32 a) throws (1: required X x) }', [
    '1:11 union-required: Union member a of U is optional whatever is written',
    '3:20 argument-optional: Argument a of S.f: optional is ignored for arguments',
    '3:47 throws-required: Exception x of S.f is optional whatever is written',
  ]],
  ['a throws clause without an exception', 'struct A {}\nservice S { void f() throws (1: A a, 2: list<i32> b) }', [
    '2:33 throws-not-exception: A in throws is not an exception',
    '2:41 throws-not-exception: list<i32> in throws is not an exception',
  ]],
  ['a struct without end', 'struct A { 1: required B b }\nstruct B { 1: required A a }\nunion U { 1: U u }\nunion V { 1: V v, 2: i32 w }', [
    '1:8 endless-struct: No value of A can be sent: its required fields lead back to it without end',
    '2:8 endless-struct: No value of B can be sent: its required fields lead back to it without end',
    '3:7 endless-struct: No value of U can be sent: its required fields lead back to it without end',
  ]],
]

const semantics: readonly Case[] = [
  ['an unknown type, with the nearest', 'struct Item { 1: Itme next, 2: strng name, 3: Xyzzy x }', [
    '1:18 unknown-type: Unknown type Itme | Did you mean Item?',
    '1:32 unknown-type: Unknown type strng | Did you mean string?',
    '1:47 unknown-type: Unknown type Xyzzy',
  ]],
  ['a type of a file that is not included', 'struct A { 1: base.Base b }', [
    '1:15 unknown-include: Unknown type base.Base: no included file is named base',
  ]],
  ['a constant or service used as a type', 'const i32 C = 1\nservice S {}\nstruct A { 1: C c, 2: S s, 3: void v }', [
    '3:15 not-a-type: C is a const, not a type',
    '3:23 not-a-type: S is a service, not a type',
    '3:31 void-type: void can only be returned by a function',
  ]],
  ['a typedef of itself', 'typedef A B\ntypedef B A', [
    '2:9 typedef-cycle: Typedef B leads back to itself',
  ]],
  ['a name twice', 'struct A {}\nenum A { X }\nservice A {}', [
    '2:6 duplicate-name: A is already defined as a struct in line 1',
    '3:9 duplicate-name: A is already defined as a struct in line 1',
  ]],
  ['an id or a name of a field twice', 'struct A { 1: i32 a, 1: i32 b, 2: i32 a }', [
    '1:22 duplicate-field-id: Field id 1 of b is already used by a in A, line 1 | Id 2 is free',
    '1:39 duplicate-field-name: Field a is already declared in A, line 1',
  ]],
  ['an id beyond 16 bits', 'struct A { 32768: i32 a, 99999999999: i32 b }', [
    '1:12 field-id-range: Field id 32768 of a is outside -32768 to 32767',
    '1:26 field-id-range: Field id 99999999999 of b is outside -32768 to 32767',
  ]],
  ['an argument or exception id twice', 'exception X {}\nservice S { void f(1: i32 a, 1: i32 b) throws (1: X x, 1: X y) }', [
    '2:30 duplicate-field-id: Field id 1 of b is already used by a in S.f, line 2 | Id 2 is free',
    '2:56 duplicate-field-id: Field id 1 of y is already used by x in S.f, line 2 | Id 2 is free',
  ]],
  ['two defaults in a union', 'union U { 1: i32 a = 1, 2: i32 b = 2 }', [
    '1:32 union-defaults: Union U has more than one default value; b is one too many',
  ]],
  ['a name or a number of an enum twice', 'enum E { A, A, B = 0, C = 2147483648, D = -2147483649 }', [
    '1:13 duplicate-enum-name: Enum E already has a value named A',
    '1:20 duplicate-enum-value: B and A of enum E are both 0',
    '1:27 enum-range: Enum value C = 2147483648 is outside the 32-bit range',
    '1:43 enum-range: Enum value D = -2147483649 is outside the 32-bit range',
  ]],
  ['an unknown value, with the nearest', 'enum Color { RED, BLUE }\nconst Color A = Color.REDD\nconst Color B = RED\nconst i32 MAX = 1\nconst i32 C = MAXX\nconst bool D = ture', [
    '2:17 unknown-const: Unknown constant or enum value Color.REDD | Did you mean Color.RED?',
    '3:17 unknown-const: Unknown constant or enum value RED | Did you mean Color.RED?',
    '5:15 unknown-const: Unknown constant or enum value MAXX | Did you mean MAX?',
    '6:16 unknown-const: Unknown constant or enum value ture | Did you mean true?',
  ]],
  ['a default of another type', 'enum E { A }\nenum F { B }\nstruct A { 1: i32 a = "x", 2: string b = 5, 3: bool c = 2, 4: list<i32> d = [1, "x", 2.5], 5: map<string, i32> e = {1: "x"}, 6: E f = F.B, 7: double g = "1", 8: A h = 5, 9: binary i = 1, 10: uuid j = "x", 11: E k = "A" }', [
    '3:23 const-type: Expected a value of type i32, found "x"',
    '3:42 const-type: Expected a value of type string, found 5',
    '3:57 const-type: Expected a value of type bool, found 2',
    '3:81 const-type: Expected a value of type i32, found "x"',
    '3:86 const-type: Expected a value of type i32, found 2.5',
    '3:117 const-type: Expected a value of type string, found 1',
    '3:120 const-type: Expected a value of type i32, found "x"',
    '3:135 const-type: Expected a value of type E, found F.B',
    '3:154 const-type: Expected a value of type double, found "1"',
    '3:168 const-type: Expected a value of type A, found 5',
    '3:185 const-type: Expected a value of type binary, found 1',
    '3:201 const-type: Expected a value of type uuid, found "x"',
    '3:216 const-type: Expected a value of type E, found "A"',
  ]],
  ['a number that does not fit', 'struct A { 1: i8 a = 128, 2: i16 b = -32769, 3: i32 c = 2147483648, 4: i64 d = 9223372036854775808, 5: double e = 1e999 }', [
    '1:22 const-range: 128 does not fit i8, which goes from -128 to 127',
    '1:38 const-range: -32769 does not fit i16, which goes from -32768 to 32767',
    '1:57 const-range: 2147483648 does not fit i32, which goes from -2147483648 to 2147483647',
    '1:80 const-range: 9223372036854775808 does not fit i64, which goes from -9223372036854775808 to 9223372036854775807',
    '1:115 const-range: 1e999 does not fit double, which goes from -1.8e308 to 1.8e308',
  ]],
  ['a constant of itself', 'const i32 A = B\nconst i32 B = A\nconst list<i32> C = [1, D]\nconst i32 D = C', [
    '1:15 const-cycle: Constant A leads back to itself',
    '2:15 const-cycle: Constant B leads back to itself',
    '3:25 const-cycle: Constant C leads back to itself',
    '4:15 const-type: Expected a value of type i32, found [1, D]',
  ]],
  ['a struct value with a wrong key', 'struct P { 1: i32 x, 2: i32 width }\nunion U { 1: i32 a, 2: i32 b }\nconst P A = {"x": 1, "widht": 2, 3: 4}\nconst U B = {"a": 1, "b": 2}\nconst U C = {}', [
    '3:22 const-unknown-field: P has no field widht | Did you mean width?',
    '3:34 const-key: Keys of a P value are quoted field names',
    '4:13 union-const: A value of union U has exactly one member, this one has 2',
    '5:13 union-const: A value of union U has exactly one member, this one has 0',
  ]],
  ['a method twice', 'service S { void f(), i32 f() }', [
    '1:27 duplicate-method: Method f is already declared in S, line 1',
  ]],
  ['what oneway forbids', 'exception X {}\nservice S { oneway i32 f(), oneway void g() throws (1: X x) }', [
    '2:20 oneway-returns: Oneway method S.f must return void',
    '2:41 oneway-throws: Oneway method S.g cannot throw',
  ]],
  ['extends of what is no service', 'struct A {}\nservice B extends A {}\nservice C extends D {}\nservice Base {}\nservice E extends Bsae {}', [
    '2:19 extends-not-service: A is a struct: only a service can be extended',
    '3:19 extends-unknown: Unknown base service D',
    '5:19 extends-unknown: Unknown base service Bsae | Did you mean Base?',
  ]],
  ['services that extend each other', 'service A extends B {}\nservice B extends A {}', [
    '1:19 extends-cycle: Service leads back to itself: A → B → A',
    '2:19 extends-cycle: Service leads back to itself: B → A → B',
  ]],
  ['streaming modes', 'service S { i32 f(1: i32 a) (streaming.mode = "bidi"), i32 g() (streaming.mode = "server"), i32 h(1: i32 a) (streaming.mode = "client", streaming.mode = "server") }', [
    '1:30 streaming-mode: streaming.mode of S.f is bidi; it takes one of bidirectional, client, server, unary | Did you mean bidirectional?',
    '1:60 streaming-arguments: Streaming method S.g takes exactly one argument, this one has 0',
    '1:110 streaming-mode: streaming.mode of S.h is client, server; it takes one of bidirectional, client, server, unary',
  ]],
]

describe.each([['syntax', syntax], ['leniency', leniency], ['semantics', semantics]] as const)('%s', (_area, cases) => {
  it.each(cases)('%s', async (_name, text, findings) => {
    expect(findingsOf(await loadText(text)).filter((one) => !one.includes('include-cycle'))).toEqual(findings)
  })
})

it('words every code, and every code is shown by a case somewhere', () => {
  const worded = new Set(Object.keys(en))
  // One code has a wording for each thing that was expected.
  const missing = [...errorDiagnostics, ...warningDiagnostics].filter((code) => code !== 'unexpected-token' && !worded.has(keyOf(code)))
  expect(missing).toEqual([])
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))
  const texts = [rulesText, ...files.map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8'))].join('\n')
  expect([...errorDiagnostics, ...warningDiagnostics].filter((code) => !new RegExp(`[ ']${code}: `).test(texts))).toEqual([])
})
