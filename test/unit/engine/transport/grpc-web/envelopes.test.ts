import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { connectRules } from '../../../../../src-main/engine/transport/connect/connect-stream.ts'
import { Base64Reader } from '../../../../../src-main/engine/transport/grpc-web/base64-reader.ts'
import { envelopedCaptured } from '../../../../../src-main/engine/transport/grpc-web/captured.ts'
import { EnvelopeReader, writeEnvelope } from '../../../../../src-main/engine/transport/grpc-web/envelope-reader.ts'
import { EnvelopedReply, type EnvelopeRules } from '../../../../../src-main/engine/transport/grpc-web/enveloped-reply.ts'
import { grpcWebRules } from '../../../../../src-main/engine/transport/grpc-web/grpc-web.ts'
import type { StreamPart } from '../../../../../src-main/engine/transport/transport.ts'
import { mutate, seededRandom } from '../../../../support/fuzz/mutate.ts'
import { httpReply } from '../../../../support/transport/http-reply.ts'

/** Cuts bytes at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

const ended = (flags: number, content: string): Buffer => Buffer.concat([Buffer.from([flags, 0, 0, 0, content.length]), Buffer.from(content)])

describe('envelopes', () => {
  it('are cut out however their bytes are split', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), fc.array(fc.nat(500), { maxLength: 12 }), (contents, cuts) => {
      const reader = new EnvelopeReader(50)
      const whole = Buffer.concat(contents.map((content) => writeEnvelope(Buffer.from(content), false)))
      const got = pieces(whole, cuts).flatMap((piece) => reader.push(piece))
      expect(got.map(({ bytes }) => bytes.toString('hex'))).toEqual(contents.map((content) => Buffer.from(content).toString('hex')))
      expect(reader.unfinished).toBe(0)
    }))
  })

  it('over the limit are refused by their length, before their bytes come', () => {
    expect(() => new EnvelopeReader(10).push(Buffer.from([0, 0, 0, 0, 11]))).toThrow('grpc.messageTooLarge')
  })

  it('that are not whole are counted', () => {
    const reader = new EnvelopeReader(10)
    reader.push(Buffer.from([0, 0, 0]))
    expect(reader.unfinished).toBe(3)
    reader.push(Buffer.from([0, 4, 1, 2]))
    expect(reader.unfinished).toBe(7)
  })
})

it('base64 is read with padding anywhere and however it is split', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 })), fc.array(fc.nat(300), { maxLength: 10 }), (parts, cuts) => {
    const reader = new Base64Reader()
    const text = Buffer.from(parts.map((part) => Buffer.from(part).toString('base64')).join(''))
    expect(Buffer.concat(pieces(text, cuts).map((piece) => reader.push(piece)))).toEqual(Buffer.concat(parts))
  }))
})

describe('the bytes explained', () => {
  const body = Buffer.concat([writeEnvelope(Buffer.from('abc'), false), writeEnvelope(Buffer.from('zzz'), true), ended(0x80, 'grpc-status:0')])
  const captured = (at: number, ranges: readonly { start: number; end: number }[]) => {
    const bytes = Buffer.concat([Buffer.alloc(at), ...ranges.flatMap(({ start, end }) => [body.subarray(start, end), Buffer.from('\r\n')])])
    let from = at
    const parts = ranges.map(({ start, end }) => {
      const part = { start: from, end: from + end - start, name: 'body', kind: 'message' as const }
      from = part.end + 2
      return part
    })
    return { bytes, nodes: [{ start: 0, end: bytes.length, name: 'HTTP reply', kind: 'frame' as const, children: parts }], messages: [] }
  }

  it('point at a message in place and hold a compressed one beside', () => {
    const { messages, nodes } = envelopedCaptured(captured(10, [{ start: 0, end: body.length }]), [Buffer.from('plain')])
    expect(messages).toEqual([{ start: 15, end: 18 }, { start: 23, end: 26, message: Buffer.from('plain') }])
    expect(nodes[0]?.children?.map(({ name, start, end }) => [name, start, end])).toEqual([['envelope', 10, 15], ['envelope', 18, 23], ['envelope', 26, 31]])
  })

  it('join a message that two chunks cut', () => {
    const { messages } = envelopedCaptured(captured(10, [{ start: 0, end: 6 }, { start: 6, end: body.length }]), [])
    expect(messages).toEqual([{ start: 15, end: 20, message: Buffer.from('abc') }])
  })
})

describe.each([['gRPC-Web', grpcWebRules, 'application/grpc-web+proto', ended(0x80, 'grpc-status:0\r\nx-t: 1')], ['Connect', connectRules, 'application/connect+proto', ended(2, '{"metadata":{"x-t":["1"]}}')]] as const)('a reply of %s', (_, rules, type, end) => {
  const whole = Buffer.concat([writeEnvelope(Buffer.from('one'), false), writeEnvelope(Buffer.from('two'), false), end])

  it('ends with its trailer however it is split, and with a fault wherever it is cut short', async () => {
    expect((await partsOf(rules, type, pieces(whole, [1, 7, 9, 20]))).map((part) => (part.kind === 'message' ? part.message.toString() : part.kind === 'trailer' ? part.header.strings.at(-1) : part.kind))).toEqual(['header', 'one', 'two', ['x-t', '1']])
    for (let length = 0; length < whole.length; length += 1) {
      const last = (await partsOf(rules, type, [whole.subarray(0, length)])).at(-1)
      expect(last?.kind === 'trailer' && last.fault !== undefined, `${length} bytes`).toBe(true)
    }
  })

  it('ends in a word of ours whatever is damaged', async () => {
    const random = seededRandom(11)
    for (let turn = 0; turn < 20_000; turn += 1) {
      try {
        const parts = await partsOf(rules, type, [mutate(whole, random)])
        expect(parts.at(-1)?.kind).toBe('trailer')
      } catch (caught) {
        expect(caught).toBeInstanceOf(KiteError)
      }
    }
  }, 60_000)
})

it('Connect\'s trailers that are no text are told as JSON', async () => {
  const end = ended(2, '{"metadata":{"x-t":["1",{"toString":2},5]}}')
  expect((await partsOf(connectRules, 'application/connect+proto', [end])).at(-1)).toEqual({ kind: 'trailer', header: { strings: [['x-t', '1'], ['x-t', '{"toString":2}'], ['x-t', '5']], ints: [] } })
})

async function partsOf(rules: EnvelopeRules, type: string, body: readonly Buffer[]): Promise<StreamPart[]> {
  const reply = new EnvelopedReply(httpReply([['Content-Type', type]], body), { rules, maxMessageBytes: 1000, method: 'a.S/M' })
  const all: StreamPart[] = []
  for (let parts = await reply.next(); parts.length > 0; parts = await reply.next()) all.push(...parts)
  return all
}
