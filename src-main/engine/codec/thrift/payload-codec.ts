// A form of the wire as a payload codec: compiles methods on first use and keeps them as long as their IDL lives.

import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { CodecOptions, MessageHead, MethodCodec, MethodOptions, PayloadCodec } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { decodeNamed, encodeNamed } from '../convert.ts'
import { applicationException } from './application-exception.ts'
import { createBareCodec } from './bare.ts'
import { explainBare, explainMessage } from './explain.ts'
import type { WireForm } from './form.ts'
import { defaultLimits } from './limits.ts'
import { createMessageMeter } from './measure.ts'
import { planMethod } from './method-plans.ts'
import { ThriftMethodCodec, type MethodParts } from './method.ts'
import { plansOf } from './plan.ts'

/** Makes the codec of a form. */
export function createThriftCodec(form: WireForm, { readFile, limits: given }: CodecOptions = {}): PayloadCodec {
  const methods = { message: new WeakMap<IdlSet, Map<MethodDescriptor, MethodCodec>>(), bare: new WeakMap<IdlSet, Map<MethodDescriptor, MethodCodec>>() }

  function forMethod(idl: IdlSet, service: ServiceDescriptor, method: MethodDescriptor, { limits, envelope = 'message' }: MethodOptions = {}): MethodCodec {
    let ofSet = methods[envelope].get(idl)
    if (ofSet === undefined) methods[envelope].set(idl, (ofSet = new Map()))
    const known = limits === undefined ? ofSet.get(method) : undefined
    if (known !== undefined) return known
    const parts: MethodParts = { form, plans: planMethod(plansOf(idl), service, method), method, limits: limits ?? given ?? defaultLimits, readFile }
    const made = envelope === 'bare' ? createBareCodec(parts) : new ThriftMethodCodec(parts)
    if (limits === undefined) ofSet.set(method, made)
    return made
  }

  return {
    name: form.name,
    forMethod,
    peekHead: (message) => peekHead(form, message),
    explain: (message, offset, envelope) => explainWithoutIdl(form, message, offset, envelope === 'bare'),
    createMeter: createMessageMeter,
    encodeType: (idl, type, json, onWarning) => encodeNamed(idl, type, json, { readFile, onWarning }, form),
    decodeType: (idl, type, bytes, format) => decodeNamed(idl, type, bytes, format, form),
  }
}

function explainWithoutIdl(form: WireForm, message: Buffer, offset: number, isBare: boolean): readonly ByteNode[] {
  return isBare ? explainBare(form, message, offset, undefined) : explainMessage(form, message, offset, (type) => (type === 'exception' ? applicationException : undefined))
}

function peekHead(form: WireForm, message: Buffer): MessageHead | undefined {
  try {
    return form.readHead(message, 0)
  } catch (thrown) {
    if (thrown instanceof Breach) return undefined
    throw thrown
  }
}
