// Apache Thrift's reading of every message of a call beside ours, joined to one verdict. Asked for only, since the package is large.

import type { CallRecord } from '../../shared/model/call.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { FoundMethod } from './idl/find-method.ts'
import type { WireFrames } from './kernel/reply.ts'
import { explainFrame } from './transport/explain.ts'

type Verdict = NonNullable<CallRecord['crossCheck']>

/** Paths begin with the attempt and the direction where there are several messages. */
export async function crossChecks(frames: readonly WireFrames[], idl: IdlSet, { service, method }: FoundMethod): Promise<Verdict> {
  const { crossCheck } = await import('./codec/cross-check.ts')
  const messages = frames.flatMap(({ attempt, sent, received }) => [
    { attempt, direction: 'sent' as const, raw: sent },
    ...(received === undefined ? [] : [{ attempt, direction: 'received' as const, raw: received }]),
  ])
  const differences: Verdict['differences'][number][] = []
  for (const { attempt, direction, raw } of messages) {
    const { messageOffset } = explainFrame(raw)
    if (messageOffset === undefined) continue
    const found = await crossCheck(raw.subarray(messageOffset), idl, service, method, direction)
    for (const each of found.differences) differences.push({ ...each, path: `${direction} ${attempt}: ${each.path}` })
  }
  return { agreed: differences.length === 0, differences }
}
