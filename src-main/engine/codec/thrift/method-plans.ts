// Argument and result structs of a method, as Thrift names them.

import type { FieldDescriptor, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import { LazyStructPlan, type PlanSet } from './plan.ts'
import type { StructPlan } from './plan-model.ts'

export interface MethodPlans {
  readonly args: StructPlan
  readonly result: StructPlan
}

/** `success` is field 0 of a result; exceptions stand at their `throws` ids. Never more than one of them is set. */
export function planMethod(plans: PlanSet, service: ServiceDescriptor, method: MethodDescriptor): MethodPlans {
  const optional = (field: FieldDescriptor): FieldDescriptor => ({ ...field, requiredness: 'optional' })
  const success: readonly FieldDescriptor[] =
    method.returns.kind === 'void' ? [] : [{ id: 0, name: 'success', type: method.returns, requiredness: 'optional', annotations: {}, at: method.at }]
  const prefix = `${service.name}.${method.name}`
  return {
    args: new LazyStructPlan(plans, { kind: 'struct', name: `${prefix}_args`, fields: method.args }),
    result: new LazyStructPlan(plans, { kind: 'struct', name: `${prefix}_result`, fields: [...success, ...method.throws.map(optional)] }),
  }
}
