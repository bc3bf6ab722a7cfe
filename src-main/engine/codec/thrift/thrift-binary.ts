// Thrift Binary as a payload codec: compiles methods on first use and keeps them as long as their IDL lives.

import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import type { MessageHead, MethodCodec, MethodOptions, PayloadCodec } from '../codec.ts'
import { explainMessage } from './explain.ts'
import { decodeNamed, encodeNamed } from '../convert.ts'
import { createMessageMeter } from './measure.ts'
import { readHead } from './message.ts'
import { planMethod, ThriftMethodCodec } from './method.ts'
import { PlanSet } from './plan.ts'
import { applicationException } from './application-exception.ts'
import { Breach, defaultLimits } from './reader.ts'

export interface ThriftBinaryOptions {
  /** Reads what `{"$file": path}` names. Without it such a body is refused: bytes from a peer must never open files. */
  readonly readFile?: (path: string) => Uint8Array
}

const planSets = new WeakMap<IdlSet, PlanSet>()

/** Plans of an IDL set, shared by everything that reads or writes its types. */
export function plansOf(idl: IdlSet): PlanSet {
  let plans = planSets.get(idl)
  if (plans === undefined) {
    plans = new PlanSet(idl)
    planSets.set(idl, plans)
  }
  return plans
}

/** Makes the codec. */
export function createThriftBinary({ readFile }: ThriftBinaryOptions = {}): PayloadCodec {
  const methods = new WeakMap<IdlSet, Map<MethodDescriptor, ThriftMethodCodec>>()

  function forMethod(idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, { limits }: MethodOptions = {}): MethodCodec {
    let ofSet = methods.get(idl)
    if (ofSet === undefined) methods.set(idl, (ofSet = new Map()))
    const known = limits === undefined ? ofSet.get(method) : undefined
    if (known !== undefined) return known
    const made = new ThriftMethodCodec(planMethod(plansOf(idl), service, method), method, limits ?? defaultLimits, readFile)
    if (limits === undefined) ofSet.set(method, made)
    return made
  }

  return { name: 'thrift-binary', forMethod, peekHead, explain: (message, offset) => explainMessage(message, offset, planWithoutIdl), createMeter: createMessageMeter, encodeType: (idl, type, json, onWarning) => encodeNamed(idl, type, json, { readFile, onWarning }), decodeType: decodeNamed }
}

const planWithoutIdl = (type: MessageHead['type']): typeof applicationException | undefined => (type === 'exception' ? applicationException : undefined)

function peekHead(message: Buffer): MessageHead | undefined {
  try {
    return readHead(message, 0)
  } catch (thrown) {
    if (thrown instanceof Breach) return undefined
    throw thrown
  }
}
