// Dumps of TTHeader Streaming that a real Kitex made, explained to their fields with an IDL and without.

import { afterAll, describe, expect, it } from 'vitest'
import type { ByteNode } from '../../../shared/model/layout.ts'
import { createEngine, systemPorts } from '../../../src-main/engine/index.ts'
import { kitexStreamsIdl } from '../../support/peers/kitex.ts'
import { readStreamCaptures } from '../../support/peers/kitex-stream-captures.ts'

const captures = await readStreamCaptures('ttstream')
const bytesOf = (name: string, side: 'sent' | 'received'): Buffer => Buffer.from(captures.find((capture) => capture.name === name)?.[side] ?? '', 'hex')
const engine = createEngine(systemPorts())
const idl = await engine.idl.load({ paths: [kitexStreamsIdl] })
afterAll(() => engine.dispose())

const names = (nodes: readonly ByteNode[]): string => nodes.map(({ name, children = [] }) => (children.length === 0 ? name : `${name}(${names(children)})`)).join(' ')

describe('a dump of TTHeader Streaming', () => {
  it('has its frames and the values of its messages, as the side that sent them tells', async () => {
    const sent = await engine.codec.explainFrame(bytesOf('client stream', 'sent'), idl)
    const received = await engine.codec.explainFrame(bytesOf('client stream', 'received'), idl)
    expect([sent, received].map(({ transport, json, error, nodes }) => [transport, json, error, nodes.map(({ name }) => name)])).toEqual([
      ['ttheader-streaming', '[{"text":"a","number":1},{"text":"b","number":41}]', undefined, ['Header frame', 'Data frame', 'Data frame', 'Trailer frame']],
      ['ttheader-streaming', '{"count":2,"sum":42,"last":"b"}', undefined, ['Header frame', 'Data frame', 'Trailer frame']],
    ])
    expect(names(received.nodes)).toMatch(/Data frame\(frame length header\(.*\) .*count.*sum.*last/)
  })

  it('is explained without an IDL too, exceptions and pairs included', async () => {
    const { nodes, json } = await engine.codec.explainFrame(bytesOf('error after a message', 'received'))
    expect(json).toBeUndefined()
    expect(names(nodes)).toMatch(/^Header frame\(.*\) Data frame\(.*\) Trailer frame\(.* exception\(version and type method sequence id message type stop\)\)$/)
    expect(JSON.stringify(nodes)).not.toContain('not understood')
  })

  it('is explained as far as it goes, cut off at any byte or damaged', async () => {
    const bytes = bytesOf('server stream with header and trailer', 'received')
    for (let cut = 14; cut < bytes.length; cut += 7) {
      const { nodes, transport } = await engine.codec.explainFrame(bytes.subarray(0, cut), idl)
      expect([transport, nodes.at(-1)?.end]).toEqual(['ttheader-streaming', cut])
    }
    const damaged = Buffer.from(bytes)
    damaged.writeUInt16BE(0, 12)
    const { nodes, error } = await engine.codec.explainFrame(damaged, idl)
    expect([nodes.map(({ name }) => name), error?.text.key]).toEqual([['not understood'], 'transport.headerEmpty'])
  })
})
