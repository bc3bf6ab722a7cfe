import { describe, expect, it } from 'vitest'
import { foldCall, noCall, type CallView } from '../../../../shared/logic/fold-call.ts'
import type { CallEvent } from '../../../../shared/model/call-event.ts'
import type { ChainNode } from '../../../../shared/model/chain.ts'

const entered = (n: number, parent: number | null, atNs: number): CallEvent => ({ kind: 'entered', n, parent, nodeKind: 'user', name: `step ${n}`, attempt: null, atNs })
const left = (n: number, endNs: number): CallEvent => ({ kind: 'left', node: { n, endNs } as ChainNode })
const fold = (...events: readonly CallEvent[]): CallView => events.reduce(foldCall, noCall)
const started: CallEvent = { kind: 'started', id: 'x', traceId: 't', service: 's', method: 'S/M', startTimeUnixNano: '1' }

describe('a call as it runs', () => {
  it('begins anew with a start', () => {
    expect(foldCall(fold(started, entered(0, null, 5)), { ...started, id: 'y' })).toEqual({ ...noCall, id: 'y', traceId: 't', service: 's', method: 'S/M', startTimeUnixNano: '1' })
  })

  it('moves nodes from running to done, done ones in the order entered though they leave from the inside', () => {
    const view = fold(started, entered(0, null, 1), entered(1, 0, 2), entered(2, 1, 3), left(2, 9), left(1, 10))
    expect({ running: view.running.map(({ n }) => n), nodes: view.nodes.map(({ n }) => n), atNs: view.atNs }).toEqual({ running: [0], nodes: [1, 2], atNs: 10 })
  })

  it('leaves the view before as it was', () => {
    const before = fold(started, entered(0, null, 1))
    foldCall(before, left(0, 2))
    expect(before.running).toHaveLength(1)
  })
})
