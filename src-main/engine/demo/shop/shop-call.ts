// How a service of the shop is written: a function for each method, given its fields and what it may do to the world (ask another
// service, take time). What it returns or throws becomes the answer.

import { stringifyExact } from '../../../../shared/logic/json/write.ts'
import type { ServedAnswer, ServedOutcome } from '../../mock/index.ts'
import type { Fields, Value } from './values.ts'

/** What a handler may do. */
export interface Shop {
  /** Calls a method of another service, in the trace of this call and with its persistent metainfo. Throws {@link Refused} with what came back instead of a reply. */
  ask(service: string, method: string, body: Fields, options?: AskOptions): Promise<Fields>
  /** Takes `ms` of the service's time, plus a jitter drawn from the demo's seed. */
  work(ms: number): Promise<void>
  /** Counts up; chance that repeats with the demo's seed. */
  chance(share: number): boolean
  /** Version of the instance, such as `v1.9`. */
  readonly version: string
}

export interface AskOptions {
  readonly timeoutMs?: number
  readonly retries?: number
}

export type Method = (request: Fields, shop: Shop) => Promise<Value | undefined>
export type Methods = Readonly<Record<string, Method>>

/** Thrown by a method that answers with something else than a reply. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly outcome: ServedOutcome

  constructor(outcome: ServedOutcome) {
    super(outcome.kind)
    this.outcome = outcome
  }
}

/** A declared exception of the IDL. */
export const declared = (type: string, value: Fields): Refused => new Refused({ kind: 'exception', type, json: stringifyExact(value) })

/** A business error, which TTHeader carries beside an empty reply. */
export const business = (status: number, message: string, extra: Readonly<Record<string, string>>): Refused => new Refused({ kind: 'biz', status, message, extra })

export const answerOf = (value: Value | undefined): ServedAnswer => ({ outcome: { kind: 'reply', json: value === undefined ? 'null' : stringifyExact(value) } })

/** What every reply of the shop ends with. */
export const fine: Fields = { StatusMessage: 'ok', StatusCode: 0 }
