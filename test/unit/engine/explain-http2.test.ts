// Whole connections of gRPC that a real Kitex made, explained as a dump: frames, headers, messages to their fields.

import { afterAll, describe, expect, it } from 'vitest'
import type { ByteNode } from '../../../shared/model/layout.ts'
import { createEngine, systemPorts } from '../../../src-main/engine/index.ts'
import { kitexProto, kitexStreamsIdl } from '../../support/peers/kitex.ts'
import { readStreamCaptures } from '../../support/peers/kitex-stream-captures.ts'

const captures = { protobuf: await readStreamCaptures('protobuf-grpc'), thrift: await readStreamCaptures('thrift-grpc') }
const bytesOf = (file: keyof typeof captures, name: string, side: 'sent' | 'received'): Buffer => Buffer.from(captures[file].find((capture) => capture.name === name)?.[side] ?? '', 'hex')
const engine = createEngine(systemPorts())
const proto = await engine.idl.load({ paths: [kitexProto] })
const thrift = await engine.idl.load({ paths: [kitexStreamsIdl] })
afterAll(() => engine.dispose())

/** Every byte belongs to the leaves in their order, or lies between them. */
function leaves(nodes: readonly ByteNode[]): readonly ByteNode[] {
  return nodes.flatMap((node) => (node.children === undefined || node.children.length === 0 ? [node] : leaves(node.children)))
}
const named = (nodes: readonly ByteNode[], name: string): readonly (string | undefined)[] => leaves(nodes).filter((leaf) => leaf.name === name).map(({ value }) => value)

describe('a dump of HTTP/2', () => {
  it('has its frames, headers and the values of its messages, as the side that sent them tells', async () => {
    const sent = await engine.codec.explainFrame(bytesOf('protobuf', 'client stream', 'sent'), proto)
    expect([sent.transport, sent.json, sent.error]).toEqual(['grpc', '[{"text":"a","number":1},{"text":"b","number":41}]', undefined])
    expect(sent.nodes.slice(0, 2).map(({ name }) => name)).toEqual(['connection preface', 'SETTINGS'])
    expect([named(sent.nodes, ':path'), named(sent.nodes, 'content-type')]).toEqual([['/peerpb.PbPeer/Collect'], ['application/grpc']])
    const received = await engine.codec.explainFrame(bytesOf('protobuf', 'client stream', 'received'), proto, { method: 'PbPeer/Collect' })
    expect([received.json, named(received.nodes, 'grpc-status')]).toEqual(['{"count":2,"sum":42,"last":"b"}', ['0']])
  })

  it('reads Thrift where the headers say so', async () => {
    const { json, error } = await engine.codec.explainFrame(bytesOf('thrift', 'client stream', 'sent'), thrift)
    expect([json, error]).toEqual(['[{"text":"a","number":1},{"text":"b","number":41}]', undefined])
  })

  it.each(captures.protobuf)('is explained without an IDL too, no byte twice: $name', async ({ sent, received }) => {
    for (const bytes of [Buffer.from(sent, 'hex'), Buffer.from(received, 'hex')]) {
      const { transport, nodes, json } = await engine.codec.explainFrame(bytes)
      expect([transport, json, nodes.at(-1)?.end]).toEqual(['grpc', undefined, bytes.length])
      expect(leaves(nodes).some(({ kind }) => kind === 'unknown')).toBe(false)
      expect(leaves(nodes).every((leaf, n, all) => leaf.start >= (all[n - 1]?.end ?? 0))).toBe(true)
    }
  })

  it('may begin with any frame: fields whose names came before are left open', async () => {
    const bytes = bytesOf('protobuf', 'server stream with header and trailer', 'sent').subarray(24)
    expect((await engine.codec.explainFrame(bytes, proto)).nodes.map(({ name }) => name)).toContain('HEADERS')
    const { nodes } = await engine.codec.explainFrame(Buffer.from('0000020104000000 0188 be'.replaceAll(' ', ''), 'hex'))
    expect(leaves(nodes).slice(-2).map(({ name, value }) => [name, value])).toEqual([[':status', '200'], ['?', '']])
  })

  it('is explained as far as it goes, cut off at any byte', async () => {
    const bytes = bytesOf('protobuf', 'server stream with header and trailer', 'received')
    for (let cut = 30; cut < bytes.length; cut += 5) {
      const { nodes, transport } = await engine.codec.explainFrame(bytes.subarray(0, cut), proto)
      expect([transport, nodes.at(-1)?.end]).toEqual(['grpc', cut])
    }
  })

  it('refuses a method that the IDL does not have', async () => {
    await expect(engine.codec.explainFrame(bytesOf('protobuf', 'client stream', 'sent'), proto, { method: 'PbPeer/Colect' })).rejects.toThrow('error.methodUnknown')
  })

  it('leaves frames of the other protocols alone', async () => {
    for (const hex of ['0000001980010001000000035361790000000 10b000100000002686900', '0000000b82210103536179180178 00', '82210103536179180178 00']) {
      expect((await engine.codec.explainFrame(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).transport).not.toBe('grpc')
    }
  })
})
