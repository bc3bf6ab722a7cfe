// Kitex's exception over Protobuf: `message Error { int32 TypeID = 1; string Message = 2; }` (Kitex pkg/remote/codec/protobuf/error.proto).

import type { FieldDescriptor, IdlSet, ProtoScalar } from '../../../../shared/model/idl.ts'
import type { MessagePlan } from './plan-model.ts'
import { plansOf } from './plan.ts'

const field = (id: number, name: string, type: ProtoScalar, kind: 'i32' | 'string'): FieldDescriptor => ({
  id, name, type: { kind, written: type }, requiredness: 'default', annotations: {}, at: {}, proto: { type, jsonName: name, presence: 'implicit' },
})

const id = 'error.proto#Error'
const idl: IdlSet = {
  files: [], services: [], enums: {}, diagnostics: [],
  structs: {
    [id]: {
      kind: 'struct', id, name: 'Error', fields: [field(1, 'TypeID', 'int32', 'i32'), field(2, 'Message', 'string', 'string')], annotations: {}, at: {},
      proto: { fullName: 'Error', oneofs: [], extensions: [] },
    },
  },
}

/** Its plan, the same for every method. */
export const exceptionPlan: MessagePlan = plansOf(idl).message(id)
