import { describe, expect, it } from 'vitest'
import { forTerminal } from '../../../src-main/cli/terminal-text.ts'

describe('text for a terminal', () => {
  it('shows what a peer would have the terminal do', () => {
    expect(forTerminal('a\u001b]0;owned\u0007b')).toBe('a\\u001b]0;owned\\u0007b')
    expect(forTerminal('\u009b2J\u001b[8mhidden\u001b[2J')).toBe('\\u009b2J\\u001b[8mhidden\\u001b[2J')
    expect(forTerminal('ok\rkite: all is well')).toBe('ok\\u000dkite: all is well')
    expect(forTerminal('abc\u202etxt.exe\u2066\u007f\u0000')).toBe('abc\\u202etxt.exe\\u2066\\u007f\\u0000')
  })

  it('leaves lines, tabs, every language and our own colours as they are', () => {
    const text = 'a\tb\n\u4e2d\u6587 \u{1f600}\r\n\u001b[31mfailed\u001b[0m \u001b[33mpath\u001b[0m \u001b[2mdim\u001b[0m\n'
    expect(forTerminal(text)).toBe(text)
  })

  it('keeps JSON the same JSON', () => {
    const text = '{"name":"\u009b31m\u202e\u007f"}'
    expect(JSON.parse(forTerminal(text))).toEqual(JSON.parse(text))
  })
})
