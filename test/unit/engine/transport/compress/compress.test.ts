import { createHash } from 'node:crypto'
import { gzipSync, deflateRawSync } from 'node:zlib'
import { Zstd } from '@hpcc-js/wasm-zstd'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compressionNamed, type CompressionName, compressorOf } from '../../../../../src-main/engine/transport/compress/compress.ts'
import { crc32c } from '../../../../../src-main/engine/transport/compress/crc32c.ts'
import { mutate, seededRandom } from '../../../../support/fuzz/mutate.ts'

const names = ['gzip', 'deflate', 'snappy', 'zstd'] as const
const mebibyte = 1024 * 1024

/** Bytes with runs and with noise, the same for the same seed. */
function sample(bytes: number, seed: string): Buffer {
  const out = Buffer.alloc(bytes, `${seed} and again `)
  for (let at = 0; at + 32 < bytes; at += 997) createHash('sha256').update(`${seed}${at}`).digest().copy(out, at)
  return out
}

describe.each(names)('%s', (name) => {
  it('gives back what went in, empty and over many blocks', async () => {
    const { compress, decompress } = await compressorOf(name)
    for (const size of [0, 1, 60, 65_535, 65_536, 65_537, 300_000, 3 * mebibyte]) {
      const plain = sample(size, name)
      expect(decompress(compress(plain), size).equals(plain), `${size} bytes`).toBe(true)
    }
  })

  it('gives back any bytes', async () => {
    const { compress, decompress } = await compressorOf(name)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => decompress(compress(Buffer.from(bytes)), bytes.length).equals(Buffer.from(bytes))))
  })

  it('stops at the budget, one byte under it and with a bomb', async () => {
    const { compress, decompress } = await compressorOf(name)
    const plain = sample(200_000, name)
    expect(() => decompress(compress(plain), plain.length - 1)).toThrow('grpc.compressedTooLarge')
    const bomb = compress(Buffer.alloc(64 * mebibyte))
    expect(bomb.length).toBeLessThan(4 * mebibyte)
    expect(() => decompress(bomb, mebibyte)).toThrow('grpc.compressedTooLarge')
  })

  it('refuses a message cut short at any byte', async () => {
    const { compress, decompress } = await compressorOf(name)
    const plain = sample(500, name)
    const whole = compress(plain)
    // A Snappy stream that ends between chunks is whole by its own rules.
    for (let length = 0; length < whole.length; length += 1) {
      if (name === 'snappy' && length === 10) continue
      expect(() => decompress(whole.subarray(0, length), mebibyte), `${length} bytes`).toThrow('grpc.compressedMalformed')
    }
  })

  it('never gives more than the budget and fails only in its own words, whatever is damaged', async () => {
    const { compress, decompress } = await compressorOf(name)
    const whole = compress(sample(3000, name))
    const random = seededRandom(4)
    for (let turn = 0; turn < 4000; turn += 1) {
      const damaged = mutate(whole, random)
      try {
        expect(decompress(damaged, 10_000).length).toBeLessThanOrEqual(10_000)
      } catch (caught) {
        expect(String(caught)).toMatch(/grpc\.compressed(Malformed|TooLarge)/)
      }
    }
  })
})

it('leaves a message alone that is not compressed', async () => {
  const { compress, decompress } = await compressorOf('none')
  const bytes = Buffer.from('as it is')
  expect([compress(bytes), decompress(bytes, 100)]).toEqual([bytes, bytes])
})

it('knows the names of headers and refuses others', () => {
  const known: Readonly<Record<string, CompressionName>> = { identity: 'none', '': 'none', gzip: 'gzip', deflate: 'deflate', snappy: 'snappy', zstd: 'zstd' }
  expect(Object.fromEntries(Object.keys(known).map((name) => [name, compressionNamed(name)]))).toEqual(known)
  expect(() => compressionNamed('lz4')).toThrow('grpc.compressUnknown')
})

it('reads raw deflate, which some peers send as deflate', async () => {
  expect((await compressorOf('deflate')).decompress(deflateRawSync(Buffer.from('raw')), 10)).toEqual(Buffer.from('raw'))
})

it('reads gzip of several members', async () => {
  expect((await compressorOf('gzip')).decompress(Buffer.concat([gzipSync('one '), gzipSync('two')]), 10)).toEqual(Buffer.from('one two'))
})

describe('snappy', () => {
  const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

  it('has the checksum of RFC 3720 B.4', () => {
    expect([crc32c(Buffer.alloc(32)), crc32c(Buffer.alloc(32, 0xff)), crc32c(Buffer.from('123456789'))]).toEqual([0x8a9136aa, 0x62a8ab43, 0xe3069283])
  })

  it('writes the framing format', async () => {
    // Ten bytes of stream identifier, then a plain chunk (type 1) of 3 + 4 bytes with the masked checksum first.
    const { compress } = await compressorOf('snappy')
    expect(compress(Buffer.from('abc')).subarray(0, 14)).toEqual(hex('ff060000734e61507059 01 070000'))
  })

  it('reads a raw block with literal, short copy and copy by two bytes', async () => {
    const { decompress } = await compressorOf('snappy')
    expect(decompress(hex('0b 08 616263 0d 03 02 0300'), 100).toString()).toBe('abcabcabcaa'.slice(0, 10) + 'b')
  })

  it('skips padding and refuses chunks that must be understood', async () => {
    const { compress, decompress } = await compressorOf('snappy')
    const framed = compress(Buffer.from('abc'))
    expect(decompress(Buffer.concat([framed, hex('fe 020000 0000'), hex('80 010000 00')]), 10).toString()).toBe('abc')
    expect(() => decompress(Buffer.concat([framed, hex('02 010000 00')]), 10)).toThrow('grpc.compressedMalformed')
  })

  it('refuses a wrong checksum', async () => {
    const { compress, decompress } = await compressorOf('snappy')
    const framed = compress(Buffer.from('abc'))
    framed[14] = (framed[14] ?? 0) ^ 1
    expect(() => decompress(framed, 10)).toThrow('checksum')
  })

  it('refuses a length that its bytes cannot reach, before taking memory', async () => {
    const { decompress } = await compressorOf('snappy')
    expect(() => decompress(hex('ffffffff0f 00 61'), 2 ** 32)).toThrow('cannot come of')
  })
})

describe('zstd', () => {
  it('reads a frame whose encoder did not know the size, and counts it against the budget', async () => {
    const { decompress } = await compressorOf('zstd')
    const zstd = await Zstd.load()
    const plain = sample(2 * mebibyte, 'stream')
    zstd.reset()
    const frame = Buffer.concat([zstd.compressChunk(plain), zstd.compressEnd()])
    zstd.reset()
    expect(frame.readUInt8(4) >> 6, 'no content size in the header').toBe(0)
    expect(decompress(frame, plain.length).equals(plain)).toBe(true)
    expect(() => decompress(frame, plain.length - 1)).toThrow('grpc.compressedTooLarge')
  })

  it('does not believe a header that claims what its blocks cannot hold', async () => {
    const { compress, decompress } = await compressorOf('zstd')
    const frame = compress(Buffer.alloc(300_000))
    frame.writeUInt32LE(200 * mebibyte, frame.length > 12 && (frame.readUInt8(4) & 0x20) === 0 ? 6 : 5)
    expect(() => decompress(frame, 256 * mebibyte)).toThrow('cannot come of its blocks')
  })

  it('refuses frames of nothing but tiny blocks: each costs far more memory than its bytes', async () => {
    const { decompress } = await compressorOf('zstd')
    const emptyFrame = Buffer.from('28b52ffd 2000 010000'.replaceAll(' ', ''), 'hex')
    expect(decompress(emptyFrame, 10)).toHaveLength(0)
    const header = Buffer.from('28b52ffd0058', 'hex')
    expect(() => decompress(Buffer.concat([header, Buffer.alloc(3 * 1_000_001), Buffer.from([1, 0, 0])]), mebibyte)).toThrow(/compressedMalformed/)
    expect(() => decompress(Buffer.concat(Array.from({ length: 1_000_001 }, () => emptyFrame)), mebibyte)).toThrow(/compressedMalformed/)
  })

  it('takes no window larger than the budget for a frame whose size it has to count', async () => {
    const { decompress } = await compressorOf('zstd')
    // Magic, no flags, a window of 128 MiB, one last raw block of one byte.
    const frame = (window: number): Buffer => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, window, 0x09, 0x00, 0x00, 0x61])
    expect(() => decompress(frame(17 << 3), mebibyte)).toThrow('grpc.compressedTooLarge')
    expect(decompress(frame(13 << 3), mebibyte).toString()).toBe('a')
    expect(decompress(frame(17 << 3), 128 * mebibyte).toString()).toBe('a')
  })

  it('reads several frames and skips what may be skipped', async () => {
    const { compress, decompress } = await compressorOf('zstd')
    const skippable = Buffer.from('502a4d1803000000aabbcc', 'hex')
    expect(decompress(Buffer.concat([compress(Buffer.from('one ')), skippable, compress(Buffer.from('two'))]), 7).toString()).toBe('one two')
  })
})
