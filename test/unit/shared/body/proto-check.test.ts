// Bodies of Protobuf methods while they are typed: JSON names, well-known types, unsigned numbers, oneofs, and the messages of a stream.

import { describe, expect, it } from 'vitest'
import { checkBody } from '../../../../shared/logic/body/check.ts'
import { bodyShape } from '../../../../shared/logic/body/shape.ts'
import { suggestAt } from '../../../../shared/logic/body/suggest.ts'
import type { FieldDescriptor, IdlSet, IdlType, MethodDescriptor, ProtoField, StructDescriptor } from '../../../../shared/model/idl.ts'

const field = (id: number, name: string, type: IdlType, proto: Partial<ProtoField> = {}): FieldDescriptor => ({
  id, name, type, requiredness: 'default', annotations: {}, at: {}, proto: { type: 'message', jsonName: name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), presence: 'explicit', ...proto },
})
const message = (fullName: string, fields: readonly FieldDescriptor[]): StructDescriptor => ({
  kind: 'struct', id: `#${fullName}`, name: fullName.split('.').at(-1) ?? '', fields, annotations: {}, at: {}, proto: { fullName, oneofs: ['choice'], extensions: [] },
})
const struct = (name: string): IdlType => ({ kind: 'struct', id: `#${name}`, written: name })
const text: IdlType = { kind: 'string', written: 'string' }
const structs = [
  message('google.protobuf.Timestamp', [field(1, 'seconds', { kind: 'i64', written: 'int64' })]),
  message('google.protobuf.Int64Value', [field(1, 'value', { kind: 'i64', written: 'int64' })]),
  message('Order', [
    field(1, 'order_id', { kind: 'u32', written: 'uint32' }), field(2, 'made_at', struct('google.protobuf.Timestamp')), field(3, 'limit', struct('google.protobuf.Int64Value')),
    field(4, 'by_card', text, { oneof: 'choice' }), field(5, 'by_cash', text, { oneof: 'choice' }), field(6, 'ratio', { kind: 'float', written: 'float' }),
  ]),
]
const set: IdlSet = { files: [], services: [], structs: Object.fromEntries(structs.map((one) => [one.id, one])), enums: {}, diagnostics: [] }
const method = (kind: MethodDescriptor['kind']): MethodDescriptor => ({ name: 'Put', declaredBy: 'Shop', kind, args: [field(1, 'request', struct('Order'))], returns: struct('Order'), throws: [], annotations: {}, at: {} })
const keys = (body: string, kind: MethodDescriptor['kind'] = 'unary'): readonly (readonly [string, string])[] =>
  checkBody(body, bodyShape(method(kind), set)).map(({ start, end, text: { key } }) => [body.slice(start, end), key])

describe('a Protobuf body', () => {
  it('may use JSON names and original ones, and well-known forms', () => {
    expect(keys('{"orderId": 1, "made_at": "2026-01-01T00:00:00Z", "limit": "9007199254740993", "byCard": "x", "ratio": "NaN"}')).toEqual([])
  })

  it('is refused where it does not fit, at the place', () => {
    expect(keys('{"orderID": 1}')).toEqual([['"orderID"', 'app.body.unknownFieldNear']])
    expect(keys('{"orderId": -1}')).toEqual([['-1', 'app.body.outOfRange']])
    expect(keys('{"orderId": 4294967296}')).toEqual([['4294967296', 'app.body.outOfRange']])
    expect(keys('{"madeAt": {"seconds": 1}}')).toEqual([['{"seconds": 1}', 'app.body.wrongType']])
    expect(keys('{"limit": {"value": 1}}')).toEqual([['{"value": 1}', 'app.body.wrongType']])
    expect(keys('{"byCard": "a", "byCash": "b"}')).toEqual([['"byCash"', 'app.body.oneof']])
    expect(keys('{"byCard": "a", "byCash": null}')).toEqual([])
  })

  it('of a stream is any number of messages, each checked in its place', () => {
    expect(keys(' \n', 'bidi')).toEqual([])
    expect(keys('{"orderId": 1}\n{"orderId": 2} {"orderId": true}', 'client')).toEqual([['true', 'app.body.wrongType']])
    expect(keys('{"orderId": 1}\n{"orderId": 2}', 'server').length).toBeGreaterThan(0)
  })

  it('is completed by JSON names, with a value of the well-known form', () => {
    const { items } = suggestAt('{', 1, bodyShape(method('unary'), set))
    expect(items.map(({ label }) => label)).toEqual(['orderId', 'madeAt', 'limit', 'byCard', 'byCash', 'ratio'])
    expect(items[1]?.snippet).toBe('"madeAt": "${0:2026-01-01T00:00:00Z}"')
  })
})
