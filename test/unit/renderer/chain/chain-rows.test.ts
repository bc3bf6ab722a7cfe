import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import type { ChainNode } from '../../../../shared/model/chain.ts'
import type { TimelineRow } from '../../../../src-renderer/canvas/row.ts'
import { chainRows, foldedAtFirst, ownText } from '../../../../src-renderer/features/chain/chain-rows.ts'

const words = createTranslator('en')

function node(n: number, parent: number | null, kind: ChainNode['kind'], more: Partial<ChainNode> = {}): ChainNode {
  const { startNs = n * 1000, endNs = 100_000 - n * 1000 } = more
  return {
    n, parent, kind, name: kind, attempt: null, verdict: 'pass', reason: { key: 'chain.passed' }, startNs, endNs, ownNs: 1000,
    marks: { enter: startNs, next: [], back: [], exit: endNs }, waits: [], deltas: [], source: 'default', ...more,
  }
}

/** A retry over two attempts with a wait between. */
const retried: readonly ChainNode[] = [
  node(0, null, 'tracer', { deltas: [{ store: 'request', path: 'metainfo.transient.traceparent', op: 'add', after: '00-…' }] }),
  node(1, 0, 'retry', { verdict: 'retried', waits: [{ startNs: 30_000, endNs: 40_000, reason: { key: 'chain.backoff', params: { kind: 'fixed', ms: 10 } } }] }),
  node(2, 1, 'attempt', { attempt: 1, verdict: 'failed', startNs: 2000, endNs: 30_000, reason: { key: 'chain.attemptTimeout', params: { address: 'h:1' } } }),
  node(3, 2, 'balancer', { attempt: 1 }),
  node(4, 1, 'attempt', { attempt: 2, startNs: 40_000, endNs: 90_000, reason: { key: 'chain.attemptOk', params: { address: 'h:2' } } }),
  node(5, 4, 'balancer', { attempt: 2 }),
  node(6, 5, 'breaker.instance', { attempt: 2, verdict: 'skipped', reason: { key: 'chain.noBreakerPolicy' } }),
]

const drawn = (rows: readonly TimelineRow[]): string[] => rows.map((row) => `${'  '.repeat(row.level - 1)}${row.mark} ${row.name}${row.chips.map(({ text }) => ` ${text}`).join('')}`)

describe('the ladder', () => {
  it('nests attempts and what they passed, with the wait between them', () => {
    expect(drawn(chainRows(retried, { collapsed: new Set(), keyStepsOnly: false }, words))).toEqual([
      '→ tracer +1',
      '↻ retry',
      '  ✕ attempt 1',
      '    · balancer',
      '  ◷ wait',
      '  ✓ attempt 2',
      '    · balancer',
      '    – breaker.instance',
    ])
  })

  it('folds the attempts before the last one at first', () => {
    const rows = chainRows(retried, { collapsed: foldedAtFirst(retried), keyStepsOnly: false }, words)
    expect(rows.filter(({ open }) => open !== undefined).map(({ name, open }) => [name, open])).toEqual([['attempt 1', false], ['attempt 2', true]])
    expect(rows).toHaveLength(7)
  })

  it('shows the key steps alone: where the call went, and what did more than pass it on', () => {
    expect(drawn(chainRows(retried, { collapsed: new Set(), keyStepsOnly: true }, words))).toEqual(['→ tracer +1', '↻ retry', '  ✕ attempt 1', '    · balancer', '  ◷ wait', '  ✓ attempt 2', '    · balancer'])
  })

  it('says each row as a sentence', () => {
    const rows = chainRows(retried, { collapsed: new Set(), keyStepsOnly: false }, words)
    expect(rows.at(-1)?.title).toBe('breaker.instance: did not run. No circuit breaker (Kitex has none unless told to)')
  })

  it('draws no bar for what did not run, and the failure of an attempt in its colour with the reason beside it', () => {
    const rows = chainRows(retried, { collapsed: new Set(), keyStepsOnly: false }, words)
    expect([rows.at(-1)?.bars, rows[2]?.bars]).toEqual([[], [{ startNs: 2000, endNs: 30_000, shape: 'solid', colour: 'fail', label: 'Timed out at h:1' }]])
  })

  it('writes own time in milliseconds', () => {
    expect([ownText(0), ownText(3000), ownText(20_000), ownText(2_100_000), ownText(10_000_000)]).toEqual(['0.00', '<0.01', '0.02', '2.10', '10.0'])
  })
})
