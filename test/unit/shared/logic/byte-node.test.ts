import { expect, it } from 'vitest'
import { movedNode, shownText } from '../../../../shared/logic/byte-node.ts'

it('shows 200 characters whole, and of more the first 199', () => {
  expect(shownText('a'.repeat(200))).toBe('a'.repeat(200))
  expect(shownText('a'.repeat(201))).toBe(`${'a'.repeat(199)}…`)
})

it('moves a node with all beneath it', () => {
  const leaf = { start: 2, end: 3, name: 'leaf', kind: 'value' } as const
  expect(movedNode({ start: 1, end: 4, name: 'frame', kind: 'frame', children: [leaf] }, 10)).toEqual({
    start: 11, end: 14, name: 'frame', kind: 'frame', children: [{ start: 12, end: 13, name: 'leaf', kind: 'value' }],
  })
})
