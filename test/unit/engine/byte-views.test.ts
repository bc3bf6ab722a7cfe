import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ByteNode } from '../../../shared/model/layout.ts'
import { placeNode, placeNodes } from '../../../src-main/engine/byte-views.ts'

const node = (start: number, end: number, name: string, children?: readonly ByteNode[]): ByteNode => ({ start, end, name, kind: 'frame', ...(children === undefined ? {} : { children }) })

it('a message stands beneath the frame that carried it, among what else the frame holds', () => {
  const frames = [node(0, 20, 'HEADERS', [node(0, 9, 'head')]), node(20, 60, 'DATA', [node(20, 29, 'head'), node(50, 60, 'padding')])]
  const placed = placeNodes(frames, [node(34, 40, 'one'), node(45, 50, 'two'), node(60, 62, 'beyond')])
  expect(placed.map(({ name, children }) => [name, children?.map((child) => child.name)])).toEqual([['HEADERS', ['head']], ['DATA', ['head', 'one', 'two', 'padding']], ['beyond', undefined]])
})

it('many at once come to the same as one after the other', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 })
  fc.assert(fc.property(lengths, fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 9 })), { maxLength: 30 }), (frames, gaps) => {
    let at = 0
    const nodes = frames.map((length, index) => node(at, (at += length), `frame ${index}`, index % 3 === 2 ? undefined : [node(at - length, at - length + 1, 'head')]))
    let from = 0
    const inner = gaps.map(([gap, length], index) => node((from += gap), (from += length), `message ${index}`))
    expect(placeNodes(nodes, inner)).toEqual(inner.reduce(placeNode, nodes))
  }))
})

it('100,000 messages in one frame are placed in one walk', () => {
  const inner = Array.from({ length: 100_000 }, (_, index) => node(index * 5, index * 5 + 5, 'message'))
  expect(placeNodes([node(0, 500_000, 'body', [])], inner)).toEqual([node(0, 500_000, 'body', inner)])
})
