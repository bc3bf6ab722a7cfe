// Messages whose bytes nobody of ours made up: read, written, explained, and read once more by Apache's package.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { PayloadCodec } from '../../../../src-main/engine/codec/codec.ts'
import { createThriftBinary, createThriftCompact, measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { crossCheck } from '../../../../src-main/engine/codec/cross-check.ts'
import { findMethod } from '../../../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'

interface Golden {
  readonly name: string
  readonly method: string
  readonly kind: 'request' | 'reply' | 'declared-exception' | 'remote-exception'
  readonly seqId: number
  readonly hex: string
  readonly json: string
  readonly type?: string
  readonly typeId?: number
  readonly message?: string
  /** Bytes that only others write. */
  readonly readOnly?: true
  readonly view?: readonly string[]
}

const binary = await goldenOf('thrift-binary', createThriftBinary())
const goldens = [binary, await goldenOf('thrift-compact', createThriftCompact())]

async function goldenOf(name: string, codec: PayloadCodec) {
  const folder = `test/golden/${name}`
  const cases = JSON.parse(readFileSync(`${folder}/messages.json`, 'utf8')) as readonly Golden[]
  const idl = await loadIdl({ paths: [`${folder}/messages.thrift`] })
  const methodOf = ({ method }: Golden) => {
    const found = findMethod(idl, method)
    if (!found.ok) throw new Error(`believed: the golden IDL has ${method}`)
    return { ...found.value, compiled: codec.forMethod(idl, found.value.service, found.value.method) }
  }
  return { name, cases, idl, methodOf }
}

const bytesOf = ({ hex }: Golden): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

const lines = (nodes: readonly ByteNode[], depth = 0): readonly string[] =>
  nodes.flatMap(({ start, end, name, type, value, children }) => [
    `${'  '.repeat(depth)}${start}-${end} ${name}${type === undefined ? '' : ` ${type}`}${value === undefined ? '' : ` = ${value}`}`,
    ...lines(children ?? [], depth + 1),
  ])

describe.each(goldens)('golden messages of $name', ({ cases, idl, methodOf }) => {
  it.each(cases)('$name is read', (golden) => {
    const { compiled } = methodOf(golden)
    const { kind, json, seqId, method } = golden
    if (kind === 'request') expect(compiled.decodeRequest(bytesOf(golden))).toMatchObject({ json, warnings: [], head: { seqId, method } })
    else if (kind === 'remote-exception') expect(compiled.decodeReply(bytesOf(golden))).toMatchObject({ kind, typeId: golden.typeId, message: golden.message })
    else expect(compiled.decodeReply(bytesOf(golden))).toMatchObject({ kind, json, head: { seqId, method } })
  })

  it.each(cases.filter(({ readOnly }) => readOnly !== true))('$name is written', (golden) => {
    const { compiled } = methodOf(golden)
    const { kind, json, seqId } = golden
    const written = kind === 'request' ? compiled.encodeRequest(json, seqId)
      : kind === 'reply' ? compiled.encodeReply({ kind, json }, seqId)
        : kind === 'declared-exception' ? compiled.encodeReply({ kind, type: golden.type ?? '', json }, seqId)
          : compiled.encodeReply({ kind, typeId: golden.typeId ?? 0, message: golden.message ?? '' }, seqId)
    expect(written.toString('hex')).toBe(bytesOf(golden).toString('hex'))
  })

  it.each(cases.filter(({ view }) => view !== undefined))('$name is explained', (golden) => {
    expect(lines(methodOf(golden).compiled.explain(bytesOf(golden), 0)[0]?.children ?? [])).toEqual(golden.view)
  })

  it.each(cases)('$name is measured', (golden) => {
    expect(measureMessage(Buffer.concat([Buffer.alloc(3), bytesOf(golden), Buffer.alloc(9)]), 3)).toBe(bytesOf(golden).length)
  })

  it.each(cases.filter(({ readOnly }) => readOnly !== true))('$name is read alike by Apache', async (golden) => {
    const { service, method } = methodOf(golden)
    expect(await crossCheck(bytesOf(golden), idl, service, method, golden.kind === 'request' ? 'sent' : 'received')).toEqual({ agreed: true, differences: [] })
  })
})

describe('crossCheck', () => {
  const { cases, idl, methodOf } = binary

  it('lists a difference field by field', async () => {
    const golden = cases.find(({ name }) => name === 'every type') as Golden
    const bytes = bytesOf(golden)
    // A bool of 2: Kitex reads it as false, Apache as true.
    bytes[bytes.indexOf(Buffer.from('02000101', 'hex')) + 3] = 2
    const { service, method } = methodOf(golden)
    expect(await crossCheck(bytes, idl, service, method, 'sent')).toEqual({ agreed: false, differences: [{ path: 'req.flag', ours: 'false', theirs: 'true' }] })
  })

  it('reads messages without a head, and sees where they differ', async () => {
    const golden = cases.find(({ name }) => name === 'every type') as Golden
    const { service, method, compiled } = methodOf(golden)
    const args = bytesOf(golden).subarray(compiled.decodeRequest(bytesOf(golden)).head?.length)
    expect(await crossCheck(args, idl, service, method, 'sent', { envelope: 'bare' })).toEqual({ agreed: true, differences: [] })
    const stream = { ...method, kind: 'bidi' } as const
    expect(await crossCheck(args.subarray(3, -1), idl, service, stream, 'received', { envelope: 'bare' })).toEqual({ agreed: true, differences: [] })
    const damaged = Buffer.from(args.subarray(3, -1))
    damaged[damaged.indexOf(Buffer.from('02000101', 'hex')) + 3] = 2
    expect(await crossCheck(damaged, idl, service, stream, 'sent', { envelope: 'bare' })).toEqual({ agreed: false, differences: [{ path: 'flag', ours: 'false', theirs: 'true' }] })
  })

  it('agrees that broken bytes are broken', async () => {
    const golden = cases[0] as Golden
    const { service, method } = methodOf(golden)
    expect(await crossCheck(bytesOf(golden).subarray(0, 20), idl, service, method, 'sent')).toEqual({ agreed: true, differences: [] })
  })
})
