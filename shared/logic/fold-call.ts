// From the events of a running call to what is shown of it: the same view whether the call still runs or was read from history, so that
// the window has one way to draw and `kite call -v` prints what the window shows. Pure: an event and a view give the next view.

import type { CallEvent } from '../model/call-event.ts'
import type { CallRecord } from '../model/call.ts'
import type { ChainNode, NodeKind } from '../model/chain.ts'
import type { StreamCounts } from '../model/stream.ts'

/** A node that has been entered and not yet left. */
export interface RunningNode {
  readonly n: number
  readonly parent: number | null
  readonly kind: NodeKind
  readonly name: string
  readonly attempt: number | null
  readonly startNs: number
}

/** A call at one moment. */
export interface CallView {
  readonly state: 'running' | 'ended'
  readonly id: string
  readonly traceId: string
  readonly service: string
  readonly method: string
  readonly startTimeUnixNano: string
  /** Nodes that are done, in the order entered. */
  readonly nodes: readonly ChainNode[]
  /** Nodes that run, in the order entered. */
  readonly running: readonly RunningNode[]
  /** Latest time heard of, in nanoseconds after the start. */
  readonly atNs: number
  /** Of a stream, so far. */
  readonly counts?: StreamCounts
  readonly record?: CallRecord
}

/** Before the first event. */
export const noCall: CallView = { state: 'running', id: '', traceId: '', service: '', method: '', startTimeUnixNano: '0', nodes: [], running: [], atNs: 0 }

/** The view after one more event. */
export function foldCall(view: CallView, event: CallEvent): CallView {
  switch (event.kind) {
    case 'started': {
      const { id, traceId, service, method, startTimeUnixNano } = event
      return { ...noCall, id, traceId, service, method, startTimeUnixNano }
    }
    case 'entered': {
      const { n, parent, nodeKind, name, attempt, atNs } = event
      return { ...view, running: [...view.running, { n, parent, kind: nodeKind, name, attempt, startNs: atNs }], atNs: Math.max(view.atNs, atNs) }
    }
    case 'left':
      return {
        ...view,
        running: view.running.filter(({ n }) => n !== event.node.n),
        nodes: insert(view.nodes, event.node),
        atNs: Math.max(view.atNs, event.node.endNs),
      }
    case 'streamed':
      return { ...view, counts: event.counts, atNs: Math.max(view.atNs, event.atNs) }
    case 'ended':
      return viewOfRecord(event.record)
  }
}

/** The view of a call that has ended, however long ago. */
export function viewOfRecord(record: CallRecord): CallView {
  const { id, traceId, service, method, startTimeUnixNano, durationNs } = record
  return { state: 'ended', id, traceId, service, method, startTimeUnixNano, nodes: record.chain.nodes, running: [], atNs: durationNs, record, ...(record.stream === undefined ? {} : { counts: record.stream }) }
}

/** Keeps the order entered; nodes leave from the inside out. */
function insert(nodes: readonly ChainNode[], node: ChainNode): readonly ChainNode[] {
  const at = nodes.findIndex(({ n }) => n > node.n)
  return at < 0 ? [...nodes, node] : [...nodes.slice(0, at), node, ...nodes.slice(at)]
}
