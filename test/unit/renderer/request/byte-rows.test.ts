import { expect, it } from 'vitest'
import { byteRows, decodeBase64, pathToByte } from '../../../../src-renderer/features/request/byte-rows.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { oklchToHex } from '../../../../src-renderer/theme/colours.ts'
import { fromLayout, toLayout } from '../../../../src-renderer/store/layout.ts'

const nodes: readonly ByteNode[] = [
  { start: 0, end: 4, name: 'frame length', kind: 'frame' },
  { start: 4, end: 12, name: 'message', kind: 'message', children: [{ start: 4, end: 8, name: 'version', kind: 'message' }, { start: 8, end: 12, name: 'field', kind: 'field', children: [{ start: 9, end: 12, name: 'value', kind: 'value' }] }] },
]

it('draws the layers in byte order, without what is folded', () => {
  expect(byteRows(nodes, new Set()).map(({ level, node }) => `${level} ${node.name}`)).toEqual(['1 frame length', '1 message', '2 version', '2 field', '3 value'])
  expect(byteRows(nodes, new Set(['1.1'])).map(({ node }) => node.name)).toEqual(['frame length', 'message', 'version', 'field'])
})

it('finds the innermost part at a byte', () => {
  expect([0, 5, 8, 10, 12].map((offset) => pathToByte(nodes, offset))).toEqual([['0'], ['1', '1.0'], ['1', '1.1'], ['1', '1.1', '1.1.0'], []])
  expect([...decodeBase64('AP8Q')]).toEqual([0, 255, 16])
})

it('turns a token into the colour that canvas and Monaco understand', () => {
  expect([oklchToHex(1, 0, 0), oklchToHex(0, 0, 0), oklchToHex(0.628, 0.2577, 29.23)]).toEqual(['#ffffff', '#000000', '#ff0000'])
})

it('remembers a layout and passes over what it does not know', () => {
  const layout = { activity: 'traces', explorerOpen: false, panelOpen: true, 'share.explorer': 20, other: 'x' }
  expect(toLayout(fromLayout(layout))).toEqual({ activity: 'traces', explorerOpen: false, panelOpen: true, 'share.explorer': 20 })
  expect(fromLayout({ activity: 'nonsense' })).toEqual({ activity: 'calls', explorerOpen: true, explorerInFront: false, panelOpen: true, shares: {} })
})
