// How one command line is read: spellings, global flags, suggestions, exit codes. The binary itself is tested in test/cli.

import { describe, expect, it } from 'vitest'
import { errorCodes, type ErrorCode } from '../../../shared/base/error.ts'
import { createTranslator } from '../../../shared/i18n/translate.ts'
import { collect, duration, pairs, wholeNumber } from '../../../src-main/cli/arguments.ts'
import { normaliseFlags } from '../../../src-main/cli/dashes.ts'
import { exitCodeOf } from '../../../src-main/cli/exit-code.ts'
import { noGlobals, takeGlobals } from '../../../src-main/cli/globals.ts'
import { pickLanguage } from '../../../src-main/cli/language.ts'
import { nearest } from '../../../shared/logic/nearest.ts'
import { KiteCommand, longNames, valueTaker } from '../../../src-main/cli/parser.ts'
import { errorDocument, sentences } from '../../../src-main/cli/report.ts'

const call = new KiteCommand('call')
call.option('--idl <FILE>', '', collect, []).option('-d, --data <JSON>', '').option('--no-chain', '').option('--stats', '')
const aliases = { 'idl-path': 'idl', p: 'idl' }
const spell = (...argv: string[]) => normaliseFlags(argv, longNames(call), aliases, valueTaker(call))
const globals = (...argv: string[]) => takeGlobals(argv, valueTaker(call))
const thrown = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return (error as { data?: unknown }).data
  }
  return undefined
}

describe('spelling of flags', () => {
  it('reads one dash before a long name as two', () => {
    expect(spell('-idl', 'a.thrift', '-stats', '-no-chain')).toEqual(['--idl', 'a.thrift', '--stats', '--no-chain'])
  })

  it("reads kitexcall's names, long and short", () => {
    expect(spell('-idl-path', 'a', '--idl-path=b', '-p', 'c')).toEqual(['--idl', 'a', '--idl=b', '--idl', 'c'])
  })

  it('leaves short flags, values and everything after two dashes alone', () => {
    expect(spell('-d', '-stats', 'Service/Method', '--', '-idl')).toEqual(['-d', '-stats', 'Service/Method', '--', '-idl'])
  })

  it('leaves what it does not know to the parser', () => {
    expect(spell('--idll', 'x', '-x')).toEqual(['--idll', 'x', '-x'])
  })
})

describe('global flags', () => {
  it('are taken from anywhere on the line', () => {
    expect(globals('-o', 'json', 'call', '--env=dev', '-q', '--idl', 'x', '-C', '/w', '--lang', 'zh-CN')).toEqual({
      globals: { ...noGlobals, output: 'json', env: 'dev', quiet: true, workspace: '/w', lang: 'zh-CN' },
      rest: ['call', '--idl', 'x'],
    })
  })

  it('are not taken from the value of another flag', () => {
    expect(globals('call', '-d', '-v', '--data', '-q').rest).toEqual(['call', '-d', '-v', '--data', '-q'])
  })

  it('are not taken after two dashes', () => {
    expect(globals('call', '--', '-v')).toEqual({ globals: noGlobals, rest: ['call', '--', '-v'] })
  })

  it('refuse a value that they do not have', () => {
    expect(thrown(() => globals('--output', 'yaml'))).toMatchObject({ code: 'usage', text: { key: 'cli.flagNotOneOf', params: { flag: '--output', value: 'yaml' } } })
    expect(thrown(() => globals('--output'))).toMatchObject({ text: { key: 'cli.flagNeedsValue' } })
  })
})

describe('values of flags', () => {
  it('keep the order and the repeats of pairs', () => {
    const parse = pairs('--meta')
    expect(parse('b=2', parse('a=1=1', parse('b=1')))).toEqual([['b', '1'], ['a', '1=1'], ['b', '2']])
    expect(thrown(() => parse('novalue'))).toMatchObject({ text: { key: 'cli.notAPair' } })
    expect(pairs('-H', ':')('x-user: a:b')).toEqual([['x-user', 'a:b']])
  })

  it('read durations with units, in milliseconds', () => {
    expect(['250', '50ms', '1s', '1.5s', '1m30s', '500us'].map(duration('--timeout'))).toEqual([250, 50, 1000, 1500, 90_000, 0.5])
    for (const wrong of ['', 's', '1x', '1s!', '-1s']) expect(thrown(() => duration('--timeout')(wrong))).toMatchObject({ text: { key: 'cli.notADuration' } })
  })

  it('read whole numbers only', () => {
    expect(wholeNumber('--retry')('3')).toBe(3)
    for (const wrong of ['', '-1', '1.5', '0x10', '99999999999999999999']) expect(thrown(() => wholeNumber('--retry')(wrong))).toMatchObject({ text: { key: 'cli.notAWholeNumber' } })
    expect(thrown(() => wholeNumber('--repeat', 1)('0'))).toMatchObject({ text: { params: { least: 1 } } })
  })
})

describe('a mistyped name', () => {
  it('suggests the nearest', () => {
    expect(['idll', 'servces', 'cal', 'GETUSER'].map((wrong) => nearest(wrong, ['call', 'idl', 'services', 'GetUser']))).toEqual(['idl', 'services', 'call', 'GetUser'])
  })

  it('suggests nothing when nothing is near', () => {
    expect(nearest('xyz', ['call', 'idl', 'services'])).toBeUndefined()
  })
})

describe('the language', () => {
  it('follows the flag, then KITE_LANG, then the locale', () => {
    expect(pickLanguage('zh', {})).toBe('zh-CN')
    expect(pickLanguage('en', { KITE_LANG: 'zh-CN' })).toBe('en')
    expect(pickLanguage(undefined, { KITE_LANG: 'zh-CN', LANG: 'en_US.UTF-8' })).toBe('zh-CN')
    expect(pickLanguage(undefined, { LANG: 'zh_TW.UTF-8' })).toBe('zh-CN')
    expect(pickLanguage(undefined, { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en')
    expect(pickLanguage(undefined, {})).toBe('en')
  })
})

describe('exit codes', () => {
  const codeOf = (code: ErrorCode, more: object = {}) => exitCodeOf({ code, layer: 'engine', text: { key: 'error.cancelled' }, ...more })

  it('follow from the kind of error', () => {
    expect(Object.fromEntries(errorCodes.map((code) => [code, codeOf(code)]))).toEqual({
      service_discovery: 3, get_connection: 3, loadbalance: 3, no_more_instance: 3, rpc_timeout: 4, acl: 1, circuit_break: 1, over_limit: 1,
      remote_or_network: 1, route: 1, retry: 1, biz: 1, exception: 1, payload_validation: 1,
      idl: 2, body: 2, protocol: 1, contract: 2, cancelled: 130, usage: 2, file: 2, listen: 1, unsupported: 2, internal: 1,
    })
  })

  it('tell a connection that could not be had from one that broke, wherever in the reply', () => {
    expect(codeOf('get_connection', { layer: 'connection' })).toBe(3)
    expect(codeOf('remote_or_network', { layer: 'connection' })).toBe(1)
    expect(codeOf('remote_or_network', { layer: 'frame' })).toBe(1)
  })

  it('see through a retry to why the last attempt failed', () => {
    expect(codeOf('retry', { cause: { code: 'rpc_timeout', layer: 'policy', text: { key: 'error.cancelled' } } })).toBe(4)
  })
})

describe('an error, told', () => {
  const error = {
    code: 'usage', layer: 'usage', text: { key: 'cli.unknownFlag', params: { flag: '--idll' } }, at: { file: 'a.thrift', line: 3, column: 5 },
    hint: { key: 'cli.didYouMean', params: { name: '--idl' } }, cause: { code: 'internal', layer: 'engine', text: { key: 'error.internal', params: { message: 'x' } } },
  } as const

  it('is a document for scripts', () => {
    expect(errorDocument(error, createTranslator('en'))).toEqual({
      code: 'usage', layer: 'usage', message: 'Unknown flag --idll.', at: { file: 'a.thrift', line: 3, column: 5 },
      cause: { code: 'internal', layer: 'engine', message: 'Internal error: x' }, hint: 'Did you mean --idl?',
    })
  })

  it('is sentences for people, in either language', () => {
    expect(sentences(error, createTranslator('en'))).toEqual(['kite: a.thrift:3:5: Unknown flag --idll. Did you mean --idl?', '  Cause: Internal error: x'])
    expect(sentences(error, createTranslator('zh-CN'))[0]).toBe('kite: a.thrift:3:5: 未知参数 --idll。是否想用 --idl？')
  })
})
