// Hex as people paste it.

import { describe, expect, it } from 'vitest'
import { bytesOfHexDump } from '../../../src-main/cli/hex-dump.ts'

const message = '800100010000000353617900000001' + '0b000100000002686900'

describe('hex text', () => {
  it.each([
    ['bare digits', message],
    ['digits with blanks, breaks and 0x', `0x${message.replace(/(.{4})/g, '$1 ').replace(/(.{20})/g, '$1\n')}`],
    ['xxd', '00000000: 8001 0001 0000 0003 5361 7900 0000 010b  ........Say.....\n00000010: 0001 0000 0002 6869 00                   ......hi.\n'],
    ['hexdump -C', '00000000  80 01 00 01 00 00 00 03  53 61 79 00 00 00 01 0b  |........Say.....|\n00000010  00 01 00 00 00 02 68 69  00                       |......hi.|\n00000019\n'],
    ['Wireshark', '0000   80 01 00 01 00 00 00 03 53 61 79 00 00 00 01 0b   ........Say.....\n0010   00 01 00 00 00 02 68 69 00                        ......hi.\n'],
  ])('is read from %s', (_name, text) => {
    expect(bytesOfHexDump(text).toString('hex')).toBe(message)
  })

  it('with text beside it that looks like digits is read as far as it is a dump', () => {
    expect(bytesOfHexDump('00000000: 6164 6420 6d65                           add me\n').toString('hex')).toBe('616464206d65')
    expect(bytesOfHexDump('00000000  deadbeefcafe\n').toString('hex')).toBe('deadbeefcafe')
  })

  // Tried in every way to part its digits, such a line takes years.
  it('of very long lines that are none is refused at once', () => {
    expect(() => bytesOfHexDump(`00000000 ${'a'.repeat(100_000)}!`)).toThrow('codec.bytes.badHex')
    expect(() => bytesOfHexDump(`00000000 ${'aa '.repeat(100_000)}!`)).toThrow('codec.bytes.badHex')
  })

  it('that is none is refused by its first wrong character', () => {
    expect(() => bytesOfHexDump('80 01 zz')).toThrow('codec.bytes.badHex')
    expect(() => bytesOfHexDump('800')).toThrow('codec.bytes.oddHex')
  })
})
