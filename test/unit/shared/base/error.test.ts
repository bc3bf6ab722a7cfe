import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { createTranslator } from '../../../../shared/i18n/translate.ts'

function caughtBy(run: () => unknown): KiteError {
  try {
    run()
  } catch (caught) {
    return KiteError.from(caught)
  }
  throw new Error('nothing was thrown')
}

describe('a caught thing', () => {
  it('of the operating system is worded in both languages and does not read like a fault of the program', () => {
    const { data } = caughtBy(() => readFileSync('/no/such/file'))
    expect(['en', 'zh-CN'].map((language) => createTranslator(language === 'en' ? 'en' : 'zh-CN').error(data))).toEqual(['No such file or folder (ENOENT)', '没有这个文件或目录（ENOENT）'])
  })

  it('of the operating system that nobody worded keeps its own words', () => {
    const caught = Object.assign(new Error('too many links, link'), { code: 'EMLINK', syscall: 'link' })
    expect(createTranslator('en').error(KiteError.from(caught).data)).toBe('too many links, link')
  })

  it('of our own making stays an internal error, with its message', () => {
    expect(createTranslator('en').error(caughtBy(() => JSON.parse('{')).data)).toMatch(/^Internal error: /)
  })
})

describe('a list in a message', () => {
  it('is written as the language does', () => {
    const text = { key: 'error.methodAmbiguous', params: { name: 'x', choices: ['A/x', 'B/x'] } }
    expect(createTranslator('en').text(text)).toContain('A/x, B/x')
    expect(createTranslator('zh-CN').text(text)).toContain('A/x、B/x')
  })
})
