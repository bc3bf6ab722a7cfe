// Thrift's own exception, which a server sends in place of a reply: field 1 message, field 2 type (kitex.md 1.4).

import { LazyStructPlan, PlanSet } from './plan.ts'

const noIdl = new PlanSet({ files: [], services: [], structs: {}, enums: {}, diagnostics: [] })

/** Both fields are always written; on reading either may be missing. */
export const applicationException = new LazyStructPlan(noIdl, {
  kind: 'exception',
  name: 'TApplicationException',
  fields: [
    { id: 1, name: 'message', type: { kind: 'string', written: 'string' }, requiredness: 'optional', annotations: {}, at: {} },
    { id: 2, name: 'type', type: { kind: 'i32', written: 'i32' }, requiredness: 'optional', annotations: {}, at: {} },
  ],
})

// Kitex pkg/remote/trans_errors.go
const names: Readonly<Record<number, string>> = {
  0: 'UnknownApplicationException', 1: 'UnknownMethod', 2: 'InvalidMessageTypeException', 3: 'WrongMethodName', 4: 'BadSequenceID', 5: 'MissingResult', 6: 'InternalError',
  7: 'ProtocolError', 8: 'InvalidTransform', 9: 'InvalidProtocol', 10: 'UnsupportedClientType', 20: 'UnknownService', 21: 'NoServiceName',
}

/** Kitex's name of an exception's type id; undefined for ids of a server's own. */
export const exceptionTypeName = (typeId: number): string | undefined => names[typeId]
