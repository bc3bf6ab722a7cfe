// The stubs in force: each is bound to its method and its reply encoded once, so that what is wrong shows when the file is loaded and
// not in the middle of somebody's test. The first stub of a method that matches answers.

import { KiteError, type ErrorData, type Place } from '../../../shared/base/error.ts'
import { readJson } from '../../../shared/logic/json/read.ts'
import { stringifyExact } from '../../../shared/logic/json/write.ts'
import type { JsonNode } from '../../../shared/logic/json/node.ts'
import type { IdlSet, MethodDescriptor } from '../../../shared/model/idl.ts'
import { createThriftBinary } from '../codec/index.ts'
import { plainFormat } from '../codec/codec.ts'
import { findMethod } from '../idl/find-method.ts'
import { equals, parsePath, valueAt } from './match-request.ts'
import type { ServedCall, ServedOutcome } from './served-call.ts'
import type { WrittenStub } from './stub-file.ts'

export interface BoundStub {
  readonly index: number
  readonly method: MethodDescriptor
  readonly match: readonly { readonly steps: readonly (string | number)[]; readonly wanted: unknown }[]
  /** Undefined: the generated example. */
  readonly outcome: ServedOutcome | undefined
  readonly encoded: Buffer | undefined
  readonly delayMs: number
  readonly backward: readonly (readonly [string, string])[]
}

/** Binds stubs to the methods of an IDL. Throws KiteError `file` with the place of the first that does not fit. */
export function bindStubs(idl: IdlSet, stubs: readonly WrittenStub[]): readonly BoundStub[] {
  return stubs.map((written) => bind(idl, written))
}

/** The stub that answers this call. */
export function findStub(stubs: readonly BoundStub[], call: ServedCall): BoundStub | undefined {
  const candidates = stubs.filter(({ method }) => method === call.method)
  if (candidates.every(({ match }) => match.length === 0)) return candidates[0]
  const read = (json: string): JsonNode | undefined => readJson(json).root
  const body = read(call.body)
  let numeric: JsonNode | undefined
  return candidates.find((stub) => stub.match.every(({ steps, wanted }) => {
    if (holds(body, call.method, steps, wanted)) return true
    // An enum may be matched by its number as well as by its name.
    numeric ??= read(call.bodyAs({ ...plainFormat, enums: 'number' }))
    return holds(numeric, call.method, steps, wanted)
  }))
}

/** A path may begin with the name of the only argument, whose fields the body itself holds. */
function holds(body: JsonNode | undefined, method: MethodDescriptor, steps: readonly (string | number)[], wanted: unknown): boolean {
  if (body === undefined) return false
  if (equals(valueAt(body, steps), wanted)) return true
  const [only, ...others] = method.args
  return others.length === 0 && steps[0] === only?.name && equals(valueAt(body, steps.slice(1)), wanted)
}

function bind(idl: IdlSet, written: WrittenStub): BoundStub {
  const { stub, place } = written
  const found = findMethod(idl, stub.method)
  if (!found.ok) throw new KiteError({ ...found.error, code: 'file', layer: 'mock', at: place(['method']) })
  const { service, method } = found.value
  const outcome = outcomeOf(written)
  if (method.kind === 'oneway' && outcome !== undefined) throw complaint('mock.stubOnewayReply', { method: stub.method }, place([outcome.kind]))
  const codec = createThriftBinary().forMethod(idl, service, method)
  return {
    index: written.index,
    method,
    match: Object.entries(written.exact.match).map(([path, wanted]) => ({ steps: stepsOf(path, place), wanted })),
    outcome,
    encoded: outcome === undefined ? undefined : encoded(() => codec.encodeReply(sourceOf(outcome), 0), place([outcome.kind])),
    delayMs: stub.delayMs,
    backward: Object.entries(stub.backward),
  }
}

function outcomeOf({ stub, exact }: WrittenStub): ServedOutcome | undefined {
  if (stub.exception !== undefined) return { kind: 'exception', type: stub.exception.type, json: stringifyExact(exact.exceptionValue) }
  if (stub.biz !== undefined) return { kind: 'biz', ...stub.biz }
  if (stub.fault !== undefined) return { kind: 'fault', ...stub.fault }
  return stub.reply === undefined ? undefined : { kind: 'reply', json: stringifyExact(exact.reply) }
}

function sourceOf(outcome: ServedOutcome) {
  switch (outcome.kind) {
    case 'reply': return { kind: 'reply', json: outcome.json } as const
    case 'exception': return { kind: 'declared-exception', type: outcome.type, json: outcome.json } as const
    case 'biz': return { kind: 'empty' } as const
    case 'fault': return { kind: 'remote-exception', typeId: outcome.typeId, message: outcome.message } as const
  }
}

function stepsOf(path: string, place: WrittenStub['place']): readonly (string | number)[] {
  const steps = parsePath(path)
  if (steps === undefined) throw complaint('mock.stubBadPath', { path }, place(['match', path]))
  return steps
}

/** What the codec complains about is told at the stub's place, with the field path inside the value. */
function encoded(encode: () => Buffer, place: Place): Buffer {
  try {
    return encode()
  } catch (caught) {
    const { data } = KiteError.from(caught, 'mock')
    const inner = data.at?.path === undefined || data.at.path === '' ? '' : `.${data.at.path}`
    throw new KiteError({ ...data, code: 'file', layer: 'mock', at: { ...place, path: `${place.path ?? ''}${inner}` } })
  }
}

const complaint = (key: string, params: Record<string, string>, at: Place): KiteError => new KiteError({ code: 'file', layer: 'mock', text: { key, params }, at } satisfies ErrorData)
