// Messages are the same however DATA frames cut them, and a length is believed only as far as its bytes come.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MessageAssembly, type RawMessage } from '../../../../../src-main/engine/transport/grpc/message-assembly.ts'
import { grpcMessage } from '../http2/scripted-server.ts'

function assemble(pieces: readonly Uint8Array[], maxBytes = 1_000_000): { readonly messages: readonly (readonly [hex: string, compressed: boolean])[]; readonly unfinished: number } {
  const assembly = new MessageAssembly(maxBytes)
  const messages: RawMessage[] = []
  for (const piece of pieces) {
    // Overwritten afterwards, as the memory of a socket is.
    const memory = Buffer.concat([Buffer.alloc(3), piece])
    assembly.push(memory, 3, memory.length, messages)
    memory.fill(0xee)
  }
  return { messages: messages.map(({ bytes, compressed }) => [bytes.toString('hex'), compressed]), unfinished: assembly.unfinished }
}

it('any cuts give the same messages', () => {
  const message = fc.record({ bytes: fc.uint8Array({ maxLength: 300 }), compressed: fc.boolean() })
  fc.assert(fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 10 }), (messages, cuts) => {
    const body = Buffer.concat(messages.map(({ bytes, compressed }) => grpcMessage(bytes, compressed ? 1 : 0)))
    const at = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((a, b) => a - b)
    const pieces = [0, ...at].map((from, index) => body.subarray(from, at[index] ?? body.length))
    expect(assemble(pieces)).toEqual({ messages: messages.map(({ bytes, compressed }) => [Buffer.from(bytes).toString('hex'), compressed]), unfinished: 0 })
  }))
})

it('cut off at every byte, it says how much of a message is there', () => {
  const whole = grpcMessage(Buffer.from('0123456789'))
  for (let end = 0; end < whole.length; end++) expect(assemble([whole.subarray(0, end)])).toEqual({ messages: [], unfinished: end })
})

it('a message larger than the first memory for it grows as it comes', () => {
  const large = Buffer.alloc(3_000_000, 5)
  const body = grpcMessage(large)
  const { messages } = assemble(Array.from({ length: 200 }, (_, at) => body.subarray(at * 16_384, (at + 1) * 16_384)), 4_000_000)
  expect(messages).toEqual([[large.toString('hex'), false]])
})

it('two bytes that claim 4 GB cost no memory: the length alone is refused', () => {
  expect(() => assemble([Buffer.from('00ffffffff', 'hex')])).toThrow('http2.grpcMessageTooLarge')
  expect(() => assemble([Buffer.from('02', 'hex'), Buffer.from('00000000', 'hex')])).toThrow('http2.grpcFlag')
})
