// Where the time of a call went, in nanoseconds as text: ours, waiting, the wire.

import type { CallRecord } from '../../../shared/model/call.ts'
import { formatDuration } from '../../../shared/logic/format.ts'

export interface CallStats {
  readonly totalNs: string
  readonly attempts: number
  /** In the middlewares themselves, without connecting and the wire. */
  readonly middlewareNs: string
  /** Backoff. */
  readonly waitedNs: string
  readonly dialNs: string
  readonly writeNs: string
  /** From the last byte written to the first byte read. */
  readonly serverNs: string
  readonly readNs: string
}

export function statsOf({ durationNs, chain: { nodes } }: CallRecord): CallStats {
  const sum = (values: readonly number[]): string => String(Math.round(values.reduce((total, value) => total + value, 0)))
  const wires = nodes.flatMap(({ decision }) => (decision?.kind === 'wire' ? [decision] : []))
  return {
    totalNs: String(Math.round(durationNs)),
    attempts: Math.max(1, nodes.filter(({ kind }) => kind === 'attempt').length),
    middlewareNs: sum(nodes.filter(({ kind }) => kind !== 'wire' && kind !== 'connection').map(({ ownNs }) => ownNs)),
    waitedNs: sum(nodes.flatMap(({ waits }) => waits.map(({ startNs, endNs }) => endNs - startNs))),
    dialNs: sum(nodes.map(({ decision }) => (decision?.kind === 'connection' ? decision.dialMs * 1e6 : 0))),
    writeNs: sum(wires.map(({ writeNs }) => writeNs)),
    serverNs: sum(wires.map(({ waitNs }) => waitNs)),
    readNs: sum(wires.map(({ readNs }) => readNs)),
  }
}

/** For the catalogue. */
export const statsParams = (stats: CallStats): Readonly<Record<string, string | number>> => ({
  total: formatDuration(Number(stats.totalNs)), count: stats.attempts, middlewares: formatDuration(Number(stats.middlewareNs)), waited: formatDuration(Number(stats.waitedNs)),
  dial: formatDuration(Number(stats.dialNs)), write: formatDuration(Number(stats.writeNs)), server: formatDuration(Number(stats.serverNs)), read: formatDuration(Number(stats.readNs)),
})
