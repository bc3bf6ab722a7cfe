import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { explainFrame } from '../../../../src-main/engine/transport/explain.ts'
import { writeFrame } from '../../../../src-main/engine/transport/frame-writer.ts'
import { stringMessage } from '../../../support/transport/messages.ts'

const message = stringMessage('call', 'Say', 1, 'hi')

/** One line for each node: range, name, value. */
function drawn(nodes: readonly ByteNode[], depth = 0): string[] {
  return nodes.flatMap(({ start, end, name, value, children = [] }) => [`${'  '.repeat(depth)}${start}-${end} ${name}${value === undefined ? '' : `: ${value}`}`, ...drawn(children, depth + 1)])
}

describe('explaining a frame', () => {
  it('names every byte before the message', () => {
    const raw = writeFrame({ transport: 'ttheader-framed', seqId: 7, header: { strings: [['isn', 'Peer']], ints: [[9, 'Say'], [999, 'x']], aclToken: 'tok' }, message })
    const { nodes, messageOffset, transport } = explainFrame(raw)
    expect({ drawn: drawn(nodes), messageOffset, transport }).toEqual({
      drawn: [
        `0-4 frame length: ${raw.length - 4}`,
        '4-54 header',
        '  4-6 magic: 0x1000',
        '  6-8 flags: 0x0000',
        '  8-12 sequence id: 7',
        '  12-14 header size: 10 × 4',
        '  14-15 protocol id: 0x00 ThriftBinary',
        '  15-16 transform count: 0',
        '  16-22 ACL token',
        '    17-22 gdpr-token: tok',
        '  22-36 string info',
        '    25-36 isn: Peer',
        '  36-51 integer info',
        '    39-46 toMethod: Say',
        '    46-51 999: x',
        '  51-54 padding',
        '54-58 inner frame length: 25',
      ],
      messageOffset: 58,
      transport: 'ttheader-framed',
    })
  })

  it('explains the other framings', () => {
    expect(explainFrame(message)).toEqual({ nodes: [], messageOffset: 0, transport: 'buffered' })
    const framed = explainFrame(writeFrame({ transport: 'framed', seqId: 1, header: { strings: [], ints: [] }, message }))
    expect({ drawn: drawn(framed.nodes), messageOffset: framed.messageOffset, transport: framed.transport }).toEqual({ drawn: [`0-4 frame length: ${message.length}`], messageOffset: 4, transport: 'framed' })
  })

  it('explains what it can of a broken header, and marks the rest', () => {
    const raw = Buffer.concat([Buffer.from('0000002f 1000 0000 00000001 0001 00 00 22 00'.replaceAll(' ', ''), 'hex'), message])
    expect(drawn(explainFrame(raw).nodes).slice(-2)).toEqual(['  15-16 transform count: 0', '16-18 not understood: transport.unknownInfoId'])
  })

  it('never throws, and its nodes lie within the frame and in order', () => {
    const inOrder = (nodes: readonly ByteNode[], start: number, end: number): boolean =>
      nodes.every((node, n) => node.start >= (nodes[n - 1]?.end ?? start) && node.end >= node.start && node.end <= end && inOrder(node.children ?? [], node.start, node.end))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom('', '0000004010000000', '00000040100000000000000100090000', '00000040100000000000000100040000010001', 'ffaf0010'), (bytes, prefix) => {
        const raw = Buffer.concat([Buffer.from(prefix, 'hex'), bytes])
        expect(inOrder(explainFrame(raw).nodes, 0, raw.length)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
