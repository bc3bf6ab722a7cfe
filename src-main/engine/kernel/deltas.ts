// What a step changed, found by comparing what it got with what it passed on. Identity first: an untouched part costs one comparison.

import type { Delta } from '../../../shared/model/chain.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import type { HeaderInfo } from '../transport/transport.ts'
import type { Reply } from './reply.ts'
import type { RpcInfo } from './rpcinfo.ts'

/** Shared by all steps that changed nothing. */
const none: readonly Delta[] = []
const maxText = 120

/** Changes on the way in. */
export function requestDeltas(before: RpcInfo, after: RpcInfo): readonly Delta[] {
  if (before === after) return none
  const found: Delta[] = []
  if (before.metainfo !== after.metainfo) {
    comparePairs(found, 'request', 'metainfo.transient', before.metainfo.transient, after.metainfo.transient)
    comparePairs(found, 'request', 'metainfo.persistent', before.metainfo.persistent, after.metainfo.persistent)
  }
  if (before.header !== after.header) compareHeaders(found, 'request', before.header, after.header)
  if (before.invocation !== after.invocation) {
    compare(found, 'request', 'body', before.invocation.body, after.invocation.body)
    compare(found, 'request', 'method', before.invocation.method, after.invocation.method)
  }
  if (before.config !== after.config) {
    compare(found, 'context', 'transport', before.config.transport, after.config.transport)
    compare(found, 'context', 'timeout', `${before.config.timeoutMs} ms`, `${after.config.timeoutMs} ms`)
  }
  if (before.deadline !== after.deadline) compare(found, 'context', 'deadline', offset(before, before.deadline), offset(after, after.deadline))
  if (before.trace !== after.trace) compare(found, 'context', 'trace', before.trace?.traceId, after.trace?.traceId)
  if (before.resolved !== after.resolved) compare(found, 'context', 'instances', count(before), count(after))
  if (before.instance !== after.instance) compare(found, 'context', 'instance', before.instance?.address, after.instance?.address)
  if (before.lease !== after.lease) compare(found, 'context', 'connection', before.lease?.facts.local, after.lease?.facts.local)
  if (before.attempt !== after.attempt) compare(found, 'context', 'attempt', String(before.attempt), String(after.attempt))
  if (before.tags !== after.tags) comparePairs(found, 'context', 'tags', Object.entries(before.tags), Object.entries(after.tags))
  return found
}

/** Changes on the way out; `note` is the step's own and no change. */
export function responseDeltas(before: Reply, after: Reply): readonly Delta[] {
  if (before === after) return none
  const found: Delta[] = []
  if (before.outcome !== after.outcome) compare(found, 'response', 'outcome', before.outcome, after.outcome)
  if (before.response !== after.response) compare(found, 'response', 'body', before.response, after.response)
  if (before.error !== after.error && before.outcome === after.outcome) compare(found, 'response', 'error', before.error?.text.key, after.error?.text.key)
  if (before.header !== after.header) compareHeaders(found, 'response', before.header, after.header)
  if (before.backward !== after.backward) comparePairs(found, 'response', 'metainfo.backward', before.backward, after.backward)
  return found
}

function compareHeaders(found: Delta[], store: Delta['store'], before: HeaderInfo | undefined, after: HeaderInfo | undefined): void {
  comparePairs(found, store, 'header', before?.strings ?? noPairs, after?.strings ?? noPairs)
  comparePairs(found, store, 'header.int', intPairs(before), intPairs(after))
}

const noPairs: readonly Pair[] = []
const intPairs = (header: HeaderInfo | undefined): readonly Pair[] => (header === undefined || header.ints.length === 0 ? noPairs : header.ints.map(([key, value]) => [String(key), value]))

/** Repeated keys are compared by their joined values. */
function comparePairs(found: Delta[], store: Delta['store'], path: string, before: readonly Pair[], after: readonly Pair[]): void {
  if (before === after) return
  // Usually one pair was added at the end: then there is nothing to group.
  const added = after.length === before.length + 1 ? after[before.length] : undefined
  if (added !== undefined && isStart(before, after) && indexOf(before, added[0]) < 0) return compare(found, store, `${path}.${added[0]}`, undefined, added[1])
  if (before.length === 0 && !repeats(after)) {
    for (const [key, value] of after) compare(found, store, `${path}.${key}`, undefined, value)
    return
  }
  const old = grouped(before)
  const fresh = grouped(after)
  for (const [key, value] of fresh) compare(found, store, `${path}.${key}`, old.get(key), value)
  for (const [key, value] of old) if (!fresh.has(key)) compare(found, store, `${path}.${key}`, value, undefined)
}

/** Whether a key stands twice; few pairs are looked through faster than put into a set. */
function repeats(pairs: readonly Pair[]): boolean {
  for (let n = 1; n < pairs.length; n++) if (indexOf(pairs, pairs[n]?.[0] ?? '') < n) return true
  return false
}

function isStart(before: readonly Pair[], after: readonly Pair[]): boolean {
  for (let n = 0; n < before.length; n++) if (before[n] !== after[n]) return false
  return true
}

/** Where a key stands first; -1: nowhere. */
function indexOf(pairs: readonly Pair[], key: string): number {
  for (let n = 0; n < pairs.length; n++) if (pairs[n]?.[0] === key) return n
  return -1
}

function grouped(pairs: readonly Pair[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const [key, value] of pairs) {
    const first = map.get(key)
    map.set(key, first === undefined ? value : `${first}, ${value}`)
  }
  return map
}

function compare(found: Delta[], store: Delta['store'], path: string, before: string | undefined, after: string | undefined): void {
  if (before === after) return
  if (before === undefined) found.push({ store, path, op: 'add', after: short(after ?? '') })
  else if (after === undefined) found.push({ store, path, op: 'remove', before: short(before) })
  else found.push({ store, path, op: 'change', before: short(before), after: short(after) })
}

const short = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text)
const offset = (ctx: RpcInfo, deadline: number | undefined): string | undefined => (deadline === undefined ? undefined : `+${((deadline - ctx.startedAt) / 1e6).toFixed(3)} ms`)
const count = (ctx: RpcInfo): string | undefined => (ctx.resolved === undefined ? undefined : String(ctx.resolved.instances.length))
