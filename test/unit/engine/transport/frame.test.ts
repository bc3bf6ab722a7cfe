import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { explainFrame } from '../../../../src-main/engine/transport/explain.ts'
import { FrameReader } from '../../../../src-main/engine/transport/frame-reader.ts'
import { writeFrame } from '../../../../src-main/engine/transport/frame-writer.ts'
import { type HeaderInfo, type IncomingMessage, noHeader, transportNames } from '../../../../src-main/engine/transport/transport.ts'
import { measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { stringMessage, tinyMeter } from '../../../support/transport/messages.ts'

const options = { meter: tinyMeter, maxFrameBytes: 1024 * 1024 }
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Everything a reader hands out of chunks, and what is left. */
function read(chunks: readonly Buffer[]): IncomingMessage[] {
  const reader = new FrameReader()
  const messages: IncomingMessage[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (let message = reader.next(options); message !== undefined; message = reader.next(options)) messages.push(message)
  }
  return messages
}

function errorOf(bytes: Buffer, limit = options.maxFrameBytes): unknown {
  const reader = new FrameReader()
  reader.push(bytes)
  try {
    return reader.next({ ...options, maxFrameBytes: limit })
  } catch (caught) {
    return caught instanceof KiteError ? { code: caught.data.code, key: caught.data.text.key, params: caught.data.text.params } : caught
  }
}

const echo = hex('80010001 00000004 4563686f 00000001 0b0001 00000002 6869 00')

describe('writing frames', () => {
  const frame = (transport: (typeof transportNames)[number], header: HeaderInfo = noHeader): string =>
    writeFrame({ transport, seqId: 1, header, message: echo }).toString('hex')

  it('writes the vectors of the Kitex wire', () => {
    expect(frame('buffered')).toBe(echo.toString('hex'))
    expect(frame('framed')).toBe(`0000001a${echo.toString('hex')}`)
    const header = { strings: [['isn', 'EchoService']], ints: [[9, 'Echo']] } as const
    const info = '010001000369736e000b4563686f53657276696365100001000900044563686f0000'
    expect(frame('ttheader', header)).toBe(`00000048100000000000000100090000${info}${echo.toString('hex')}`)
    expect(frame('ttheader-framed')).toBe(`0000002c10000000000000010001000000000000001a${echo.toString('hex')}`)
  })

  it('writes the ACL token as its own section, before the others', () => {
    expect(frame('ttheader', { strings: [['k', 'v']], ints: [], aclToken: 'tok' })).toContain('11 0003 746f6b 01 0001 0001 6b 0001 76'.replaceAll(' ', ''))
  })

  it('refuses a value that a 16-bit length cannot count', () => {
    const header = { strings: [['big', 'x'.repeat(65_536)]], ints: [] } as const
    expect(() => frame('ttheader', header)).toThrow('transport.infoTooLong')
  })

  it('refuses more pairs than the header size can count', () => {
    const strings = Array.from({ length: 5 }, (_, n) => [`key${n}`, 'x'.repeat(60_000)] as const)
    expect(() => frame('ttheader', { strings, ints: [] })).toThrow('transport.headerTooLarge')
  })
})

describe('reading frames', () => {
  const texts = fc.string({ maxLength: 300 })
  const pairs = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 50 })), { maxLength: 5 })
  const ints = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.string({ maxLength: 50 })), { maxLength: 5 })
  const outgoing = fc.record({ transport: fc.constantFrom(...transportNames), seqId: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), text: texts, strings: pairs, ints, token: fc.option(fc.string({ minLength: 1, maxLength: 20 }), { nil: undefined }) })

  it('gives back any sequence of messages, however it is split and joined', () => {
    fc.assert(
      fc.property(fc.array(outgoing, { minLength: 1, maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 }), (messages, cuts) => {
        const frames = messages.map(({ transport, seqId, text, strings, ints: intPairs, token }) => {
          const header = { strings, ints: intPairs, ...(token === undefined ? {} : { aclToken: token }) }
          const message = stringMessage('call', 'Echo', seqId, text)
          return { transport, seqId, header, message, raw: writeFrame({ transport, seqId, header, message }) }
        })
        const got = read(split(Buffer.concat(frames.map(({ raw }) => raw)), cuts))
        expect(got.map(({ transport, header, headerSeqId, message, raw, messageOffset }) => ({ transport, header, headerSeqId, message: message.toString('hex'), raw: raw.toString('hex'), at: raw.toString('hex', messageOffset, messageOffset + 4) })))
          .toEqual(frames.map(({ transport, seqId, header, message, raw }) => {
            const isTtHeader = transport.startsWith('ttheader')
            return { transport, header: isTtHeader ? header : noHeader, headerSeqId: isTtHeader ? seqId : undefined, message: message.toString('hex'), raw: raw.toString('hex'), at: message.toString('hex', 0, 4) }
          }))
      }),
      { numRuns: 200 },
    )
  })

  it('gives back each of the four framings split at every byte', () => {
    for (const transport of transportNames) {
      const raw = writeFrame({ transport, seqId: 7, header: { strings: [['isn', 'Peer']], ints: [[9, 'Echo']] }, message: echo })
      for (let at = 0; at <= raw.length; at++) {
        expect(read([raw.subarray(0, at), raw.subarray(at)]).map(({ message }) => message.toString('hex'))).toEqual([echo.toString('hex')])
      }
    }
  })

  it('never throws anything but a KiteError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '0000004010000000', '00000040100000000000000100090000', 'ffaf0010', '000000208001'), (bytes, prefix) => {
        const result = errorOf(Buffer.concat([hex(prefix), Buffer.from(bytes)]))
        expect(result instanceof Error).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads Kitex Protobuf frames as framed messages', () => {
    expect(read([hex('00000014 90010001 00000004 4563686f 00000001 0a026869')])).toMatchObject([{ transport: 'framed', messageOffset: 4 }])
  })

  it('reads a MeshHeader before a framed message', () => {
    const mesh = hex('ffaf 0008 0001 0001 6b 0001 76')
    expect(read([Buffer.concat([mesh, hex('0000001a'), echo])])).toMatchObject([{ transport: 'framed', header: { strings: [['k', 'v']], ints: [] }, messageOffset: 16 }])
  })

  it('skips transform ids and repeated padding, as Kitex does', () => {
    const info = '00 02 aabb 01 0001 0001 6b 0001 76 000000'.replaceAll(' ', '')
    const header = hex(`${(10 + info.length / 2 + echo.length).toString(16).padStart(8, '0')} 1000 0000 00000001 0004 ${info}`)
    expect(read([Buffer.concat([header, echo])])).toMatchObject([{ transport: 'ttheader', header: { strings: [['k', 'v']] } }])
  })
})

describe('refusing bytes', () => {
  const refused = (key: string, params: Readonly<Record<string, string | number>>, code = 'remote_or_network'): unknown => ({ code, key, params })
  const ttHeader = (words: number, info: string, payload = echo): Buffer => {
    const rest = Buffer.concat([hex(info), payload])
    return Buffer.concat([hex(`${(10 + rest.length).toString(16).padStart(8, '0')} 1000 0000 00000001 ${words.toString(16).padStart(4, '0')}`), rest])
  }

  it('says so when a length prefix declares 2 GB, before waiting for them', () => {
    expect(errorOf(hex('7fffffff 80010001'))).toEqual(refused('transport.frameTooLarge', { bytes: 0x7fffffff + 4, limit: options.maxFrameBytes }))
    expect(errorOf(hex('7fffffff 10000000'))).toEqual(refused('transport.frameTooLarge', { bytes: 0x7fffffff + 4, limit: options.maxFrameBytes }))
    expect(errorOf(hex('ffffffff 80010001'))).toEqual(refused('transport.frameTooLarge', { bytes: 0xffffffff + 4, limit: options.maxFrameBytes }))
  })

  it('holds unframed messages to the limit as well, also unfinished ones', () => {
    const message = stringMessage('call', 'Echo', 1, 'x'.repeat(500))
    expect(errorOf(message, 100)).toEqual(refused('transport.frameTooLarge', { bytes: message.length, limit: 100 }))
    expect(errorOf(message.subarray(0, 400), 100)).toEqual(refused('transport.frameTooLarge', { bytes: 401, limit: 100 }))
  })

  it('refuses an unframed message by the length that a string in it declares, before it has come', () => {
    const head = stringMessage('call', 'Echo', 1, '').subarray(0, 23)
    head.writeUInt32BE(0x7fffff00, head.length - 4)
    const reader = new FrameReader()
    reader.push(head)
    expect(() => reader.next({ meter: measureMessage, maxFrameBytes: 1024 * 1024 })).toThrow(/transport\.frameTooLarge|codec\.bytes\.longMessage/)
  })

  it('asks about a large unframed message a few times only, however many pieces it comes in', () => {
    let asked = 0
    const reader = new FrameReader()
    const message = stringMessage('call', 'Echo', 1, 'x'.repeat(300_000))
    const counted: typeof options = { ...options, meter: (...args) => {
      asked++
      return measureMessage(...args)
    } }
    for (let at = 0; at < message.length; at += 100) {
      reader.push(message.subarray(at, at + 100))
      if (at + 100 < message.length) expect(reader.next(counted)).toBeUndefined()
    }
    expect({ length: reader.next(counted)?.message.length, asked }).toEqual({ length: message.length, asked: 2 })
  })

  it('cuts Thrift Compact out, framed or not, also one of fewer bytes than it peeks at', () => {
    const either = { ...options, meter: measureMessage }
    const call = hex('8221 0102 486900')
    const framed = Buffer.concat([hex('00000007'), call])
    const stream = Buffer.concat([call, framed, hex('8241 0101 4100'), call])
    for (const size of [1, 3, 8, 100]) {
      const reader = new FrameReader()
      const found: string[] = []
      for (let at = 0; at < stream.length; at += size) {
        reader.push(stream.subarray(at, at + size))
        for (let message = reader.next(either); message !== undefined; message = reader.next(either)) found.push(`${message.transport} ${message.message.toString('hex')}`)
      }
      expect(found).toEqual(['buffered 82210102486900', 'framed 82210102486900', 'buffered 824101014100', 'buffered 82210102486900'])
    }
    expect(explainFrame(call)).toEqual({ nodes: [], messageOffset: 0, transport: 'buffered' })
    expect(explainFrame(framed)).toMatchObject({ messageOffset: 4, transport: 'framed' })
  })

  it('names the offset of what is wrong in a header', () => {
    expect(errorOf(ttHeader(1, '77000000'))).toEqual(refused('transport.unknownProtocolId', { offset: 14, id: '0x77' }))
    expect(errorOf(ttHeader(1, '02000000'))).toEqual(refused('transport.compactProtocolId', { offset: 14 }))
    expect(errorOf(ttHeader(1, '00002200'))).toEqual(refused('transport.unknownInfoId', { offset: 16, id: '0x22' }))
    expect(errorOf(ttHeader(0, ''))).toEqual(refused('transport.headerEmpty', { offset: 12 }))
    expect(errorOf(ttHeader(200, '00000000'))).toEqual(refused('transport.headerBeyondFrame', { offset: 12, bytes: 800, frame: 14 + 4 + echo.length }))
    expect(errorOf(ttHeader(2, '0000 01 0009 0001 6b'))).toEqual(refused('transport.infoBeyondHeader', { offset: 22, bytes: 2, end: 22 }))
    expect(errorOf(ttHeader(1, '00000000', hex('8001')))).toEqual(refused('transport.payloadTooShort', { bytes: 2, offset: 18 }))
    expect(errorOf(ttHeader(1, '00000000', hex('000000ff 80010001 00')))).toEqual(refused('transport.innerBeyondFrame', { offset: 18, bytes: 255, rest: 5 }))
  })

  it('refuses streaming frames as unsupported', () => {
    const frame = ttHeader(1, '00000000')
    frame[7] = 0x02
    expect(errorOf(frame)).toEqual(refused('transport.streamingFrame', { offset: 6 }, 'unsupported'))
  })

  it.each([
    ['HTTP/1.1 400 Bad Request\r\nConnection: close\r\n', 'HTTP/1', 'HTTP/1.1 400 Bad Request'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH', 'SSH-2.0-OpenSSH_9.2'],
    ["-ERR Protocol error: invalid multibulk length\r\n", 'Redis', '-ERR Protocol error: invalid multibulk length'],
    ['220 mail.example.org ESMTP\r\n', 'SMTP/FTP', '220 mail.example.org ESMTP'],
    ['INFO {"server_id":"x"}\r\n', 'NATS', 'INFO {"server_id":"x"}'],
    ['AMQP\x00\x00\x09\x01', 'AMQP', '414d515000000901'],
    ['RFB 003.008\n', 'VNC', 'RFB 003.008'],
    ['GET / HTTP/1.1\r\n', 'HTTP/1 (request)', 'GET / HTTP/1.1'],
  ])('recognises %j', (text, protocol, evidence) => {
    expect(errorOf(Buffer.from(text, 'latin1'))).toEqual(refused('transport.foreignAnswer', { protocol, evidence }))
  })

  it.each([
    ['an HTTP/2 SETTINGS frame', '000012 04 00 00000000 000300000064000400ffff', 'HTTP/2 (gRPC)'],
    ['a TLS alert', '15 0301 0002 0246 00', 'TLS'],
    ['a MySQL greeting', '4a000000 0a 382e302e333600', 'MySQL'],
    ['Thrift Binary of the old form', '00000004 4563686f 01 00000001', 'Thrift Binary without version'],
    ['Dubbo', 'dabbc200 0000000000000001', 'Dubbo'],
    ['a Telnet negotiation', 'fffd18fffd20fffd23', 'Telnet'],
  ])('recognises %s', (_name, bytes, protocol) => {
    expect(errorOf(hex(bytes))).toMatchObject({ key: 'transport.foreignAnswer', params: { protocol } })
  })

  it('shows the bytes of what it does not recognise, as Kitex does', () => {
    expect(errorOf(hex('0102030405060708'))).toEqual(refused('transport.invalidPayload', { first: '01020304', second: '05060708' }))
  })
})

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  for (let n = 0; at < bytes.length; n++) {
    const length = cuts[n % cuts.length] ?? 1
    chunks.push(bytes.subarray(at, at + length))
    at += length
  }
  return chunks
}
