import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { criticalPath } from '../../../../../shared/logic/trace/critical-path.ts'
import { drawTrace } from '../../../../../shared/logic/trace/draw.ts'
import { visibleRows } from '../../../../../shared/logic/trace/rows.ts'
import { selfTimes } from '../../../../../shared/logic/trace/self-time.ts'
import { childSpanId } from '../../../../../shared/logic/trace/span-id.ts'
import { buildTree, type TraceTree } from '../../../../../shared/logic/trace/tree.ts'
import { spanIdOf, traceText } from '../../../../support/trace-text.ts'

/** `depth name` for each node, placeholders as `? reason`. */
const outline = (tree: TraceTree): string[] => tree.nodes.map((node) => `${'  '.repeat(node.depth)}${node.span?.name ?? `? ${node.missing?.reason}`}${node.marks.map((mark) => ` ${mark}`).join('')}`)
const inMs = (tree: TraceTree, path = criticalPath(tree)): string[] => path.segments.map(({ n, start, end }) => `${tree.nodes[n]?.span?.name} ${start / 1e6}-${end / 1e6}`)

describe('building a tree', () => {
  it('orders children by start and puts the console root first', () => {
    const tree = buildTree(traceText(`
      other Root 0-9
      shop Checkout 1-50 own client
        stock Late 30-40
        stock Early 2-10
    `).reverse())
    expect(outline(tree)).toEqual(['Checkout', '  Early', '  Late', 'Root'])
  })

  it('groups children of an absent parent below one placeholder that spans them', () => {
    const tree = buildTree(traceText(`
      a One 5-9 server parent=77
      a Two 2-3 server parent=77
    `))
    expect(outline(tree)).toEqual(['? remote-elsewhere', '  Two', '  One'])
    expect(tree.orphans).toBe(2)
    expect([tree.nodes[0]?.start, tree.nodes[0]?.end]).toEqual([0, 7e6])
  })

  it('says why a parent is absent', () => {
    const reasonOf = (text: string, more: object = {}, live = false) => buildTree(traceText(text).map((span) => ({ ...span, ...more })), { live }).nodes.find(({ missing }) => missing !== undefined)?.missing?.reason
    expect(reasonOf('a X 0-1 server parent=9', {}, true)).toBe('not-ended')
    expect(reasonOf('a X 0-1 parent=9', { parentIsRemote: true })).toBe('remote-elsewhere')
    expect(reasonOf('a X 0-1 server parent=9', { parentIsRemote: false })).toBe('local-dropped')
    expect(reasonOf('a X 0-1 parent=9')).toBe('local-dropped')
    expect(reasonOf('console Call 0-5 own\nproxy X 1-2 server parent=9')).toBe('id-rewritten')
  })

  it('cuts a cycle at its earliest span and loses nobody', () => {
    const tree = buildTree(traceText(`
      a First 0-9 parent=3
      a Second 1-8 parent=1
      a Third 2-7 parent=2
      a Inside 3-4 parent=3
    `))
    expect(outline(tree)).toEqual(['First cycle', '  Second cycle', '    Third cycle', '      Inside'])
  })

  it('hangs the server half of a shared id below its client half, and their children below the server', () => {
    const tree = buildTree(traceText(`
      a Call 0-9 client id=5
      b Call 1-8 server id=5
      b Query 2-3 parent=5
    `))
    expect(outline(tree)).toEqual(['Call', '  Call shared-id', '    Query'])
  })

  it('keeps a reused id twice and marks the second', () => {
    expect(outline(buildTree(traceText('a Root 0-9 id=1\na Try 1-2 id=2 parent=1\na Try 4-5 id=2 parent=1')))).toEqual(['Root', '  Try', '  Try id-reused'])
  })

  it('keeps every span exactly once, whatever the parents', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), fc.nat(50), fc.nat(50)), { maxLength: 40 }), (rows) => {
      const spans = rows.flatMap(([id, parent, start, length]) => traceText(`a n ${start}-${start + length} id=${id} ${parent === 0 ? '' : `parent=${parent}`}`))
      const tree = buildTree(spans)
      expect(tree.nodes.filter(({ span }) => span !== undefined)).toHaveLength(spans.length)
      tree.nodes.forEach((node, n) => {
        expect(node.n).toBe(n)
        expect(node.subtreeEnd).toBeGreaterThan(n)
        for (const child of node.children) expect(tree.nodes[child]?.parent).toBe(n)
      })
    }))
  })

  it('takes a chain of a hundred thousand spans without recursion', () => {
    const [first] = traceText('a n 0-1')
    const spans = Array.from({ length: 100_000 }, (_, n) => ({ ...first, spanId: spanIdOf(n + 1), ...(n === 0 ? {} : { parentSpanId: spanIdOf(n) }) })) as ReturnType<typeof traceText>
    const tree = buildTree(spans.reverse())
    expect(tree.nodes[99_999]?.depth).toBe(99_999)
    expect(criticalPath(tree).on.every(Boolean)).toBe(true)
    expect(selfTimes(tree)).toHaveLength(100_000)
  })
})

describe('the critical path', () => {
  it('goes back from the end through whoever finished last', () => {
    const tree = buildTree(traceText(`
      a Root 0-100
        a Beside 10-60
        a Slow 5-90
          b Inner 20-80
        a First 0-4
    `))
    expect(inMs(tree)).toEqual(['First 0-4', 'Root 4-5', 'Slow 5-20', 'Inner 20-80', 'Slow 80-90', 'Root 90-100'])
  })

  it('walks touching siblings as a row', () => {
    expect(inMs(buildTree(traceText('a Root 0-30\n  a One 0-10\n  a Two 10-20\n  a Three 20-30')))).toEqual(['One 0-10', 'Two 10-20', 'Three 20-30'])
  })

  it('leaves out what started after its parent ended, and consumers of a producer', () => {
    expect(inMs(buildTree(traceText('a Root 0-30\n  a After 40-50')))).toEqual(['Root 0-30'])
    expect(inMs(buildTree(traceText('a Send 0-30 producer\n  b Take 10-30 consumer')))).toEqual(['Send 0-30'])
  })

  it('covers the root exactly once when children lie within their parents', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(100), fc.nat(100)), { maxLength: 20 }), (rows) => {
      const bounds: [number, number][] = [[0, 1000]]
      const lines = ['a s0 0-1000 id=1']
      rows.forEach(([up, from, length], n) => {
        const parent = up % (n + 1)
        const [low, high] = bounds[parent] ?? [0, 0]
        const start = low + Math.floor(((high - low) * from) / 100)
        const end = start + Math.floor(((high - start) * length) / 100)
        bounds.push([start, end])
        lines.push(`a s${n + 1} ${start}-${end} id=${n + 2} parent=${parent + 1}`)
      })
      const { segments } = criticalPath(buildTree(traceText(lines.join('\n'))))
      expect(segments.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(1000e6)
    }))
  })
})

describe('self time', () => {
  it('takes away the union of the children, clipped, and ignores later ones', () => {
    const tree = buildTree(traceText(`
      a Root 10-100
        a One 20-40
        a Overlaps 30-50
        a Inside 32-35
        a RunsOver 90-120
        a Async 110-130
    `))
    expect(selfTimes(tree).map((ns) => ns / 1e6)).toEqual([50, 20, 20, 3, 30, 20])
  })
})

describe('rows and text', () => {
  it('leaves out what stands below a collapsed span', () => {
    const tree = buildTree(traceText('a Root 0-9\n  a Left 1-2\n    a Deep 1-2\n  a Right 3-4'))
    expect(visibleRows(tree, new Set([spanIdOf(2)])).map((row) => row.span?.name)).toEqual(['Root', 'Left', 'Right'])
  })

  it('draws tree, durations, bars and the critical path', () => {
    const lines = drawTrace(traceText(`
      gateway Checkout 0-40 server
        order Create 5-35 client error
        user 王小明 0-4
    `), { columns: 70, missing: (reason) => reason })
    expect(lines).toEqual([
      `* gateway  Checkout  40.0 ms  6.00 ms  ${'█'.repeat(30)}`,
      `* ├ user  王小明     4.00 ms  4.00 ms  ${'█'.repeat(3)}`,
      `* └ ! order  Create  30.0 ms  30.0 ms     ${'█'.repeat(23)}`,
    ])
  })
})

it('derives span ids that are stable, distinct and of 16 digits', () => {
  const ids = Array.from({ length: 1000 }, (_, n) => childSpanId('00f067aa0ba902b7', `attempt ${n}`))
  expect(new Set(ids).size).toBe(1000)
  expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true)
  expect(childSpanId('00f067aa0ba902b7', 'attempt 1')).toBe(ids[1])
})
