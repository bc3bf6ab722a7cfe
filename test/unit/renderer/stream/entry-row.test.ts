import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import type { StreamRow } from '../../../../shared/model/stream-view.ts'
import { entryWords } from '../../../../src-renderer/features/stream/entry-row.ts'

const error = { code: 'remote_or_network', layer: 'remote', text: { key: 'error.internal', params: { message: 'boom' } } } as const
const words = (row: StreamRow, language: 'en' | 'zh-CN' = 'en'): readonly string[] => {
  const { sign, tone, number, text, size, at } = entryWords(row, createTranslator(language))
  return [sign, tone, number, text, size, at]
}

describe('the words of a stream entry', () => {
  it('give a message its number from 1, its JSON, size and time', () => {
    expect(words({ seq: 0, atNs: 1_500_000, event: 'send', index: 0, bytes: 20, json: '{"a":1}' })).toEqual(['→', 'sent', '1', '{"a":1}', '20 B', '+1.50 ms'])
    expect(words({ seq: 1, atNs: 0, event: 'message', index: 41, bytes: 2048, json: '1', cut: 9000 })).toEqual(['←', 'received', '42', '1', '2.00 KiB', '+0 ns'])
  })

  it('put a message that was typed over several lines on one', () => {
    expect(words({ seq: 0, atNs: 0, event: 'send', index: 0, bytes: 9, json: '{\r\n  "a": 1,\n  "b": "x  \\n y"\n}' })[3]).toBe('{ "a": 1, "b": "x  \\n y" }')
  })

  it('tell header and trailer by their pairs', () => {
    expect(words({ seq: 0, atNs: 5, event: 'header', pairs: [['k', 'v'], ['k', 'w']] })[3]).toBe('Header   k: v   k: w')
    expect(words({ seq: 0, atNs: 5, event: 'trailer', pairs: [] })[3]).toBe('Trailer   empty')
  })

  it('tell what holds up, what cannot be read, and how it ended', () => {
    expect(words({ seq: 0, atNs: 5, event: 'stall', waitedNs: 25e6 })).toEqual(['‖', 'warn', '', 'The peer took nothing for 25.0 ms.', '', '+5 ns'])
    expect(words({ seq: 0, atNs: 5, event: 'unreadable', index: 2, bytes: 3, error })).toEqual(['!', 'fail', '3', 'Internal error: boom', '3 B', '+5 ns'])
    expect(words({ seq: 0, atNs: 5, event: 'half-close' })[3]).toBe('Nothing more will be sent.')
    expect(words({ seq: 0, atNs: 5, event: 'end' })).toEqual(['■', 'quiet', '', 'The stream ended.', '', '+5 ns'])
    expect(words({ seq: 0, atNs: 5, event: 'end', error })[1]).toBe('fail')
    expect(words({ seq: 0, atNs: 5, event: 'end', error: { ...error, code: 'cancelled' } })[1]).toBe('quiet')
  })

  it('are Chinese where the window is', () => {
    expect(words({ seq: 0, atNs: 5, event: 'half-close' }, 'zh-CN')[3]).toBe('不再发送消息。')
  })
})
