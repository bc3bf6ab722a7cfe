// The launcher's pure parts: its words, what counts as a failure of which kind, its archives, the Node it needs. What it does as a whole is
// proved by `npm test` running at all, and by test/integration/launch.spec.ts.

import { gzipSync, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { asar, fileInTarball, zipEntries } from '../../../src-main/launch/archive.js'
import { nodeIsNewEnough } from '../../../src-main/launch/node-version.js'
import { reasonOf } from '../../../src-main/launch/npm.js'
import { ofPlaywright, ofVitest } from '../../../src-main/launch/reports.js'
import { language, word } from '../../../src-main/launch/say.js'
import { notFound, packagesFor } from '../../../src-main/launch/system.js'
import { words } from '../../../src-main/launch/words.js'
import { filesUnder, read } from '../../support/source-files.ts'

const parametersOf = (text: string): readonly string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()

describe('words', () => {
  it('are the same keys and parameters in both languages', () => {
    const shape = (tongue: Record<string, string>) => Object.fromEntries(Object.entries(tongue).map(([key, text]) => [key, [...new Set(parametersOf(text))]]))
    expect(shape(words['zh-CN'])).toEqual(shape(words.en))
  })

  it('are Chinese in Chinese', () => {
    expect(Object.entries(words['zh-CN']).filter(([, text]) => !/\p{Script=Han}/u.test(text)).map(([key]) => key)).toEqual([])
  })

  it('are all used, and all there', () => {
    const source = filesUnder('src-main/launch', (path) => path.endsWith('.js') && !path.endsWith('words.js')).map(read).join('\n')
    const isNamed = (key: string): boolean => source.includes(`'${key}'`) || source.includes(`\`${key.replace(/\.[^.]+$/, '')}.$\{`)
    const named = [...source.matchAll(/(?:say|word|LaunchError)\('([\w.]+)'/g)].map(([, key]) => key ?? '')
    expect({ unused: Object.keys(words.en).filter((key) => !isNamed(key)), missing: named.filter((key) => !(key in words.en)) }).toEqual({ unused: [], missing: [] })
  })

  it('follow the locale', () => {
    expect([language({ LANG: 'zh_CN.UTF-8' }), language({ LANG: 'en_US' }), language({}), language({ KITE_LANG: 'zh-CN', LANG: 'C' })]).toEqual(['zh-CN', 'en', 'en', 'zh-CN'])
    expect(word('stage.start', { stage: 'unit' }, 'en')).toBe('unit …')
  })
})

describe('the Node that is needed', () => {
  it('is 20.19 or newer', () => {
    expect(['18.20.4', '20.18.1', '20.19.0', '22.0.0', '26.1.0'].map(nodeIsNewEnough)).toEqual([false, false, true, true, true])
  })
})

describe('a failed npm', () => {
  it('is told apart by its next step', () => {
    const outputs = ['npm error code ENOSPC', 'npm error syscall mkdir\nnpm error code EACCES', 'npm error code EAI_AGAIN', 'npm error code ETARGET']
    expect(outputs.map(reasonOf)).toEqual(['noSpace', 'noPermission', 'offline', 'other'])
  })
})

describe('a report of tests', () => {
  it("of Vitest names what failed, with the first line of why, and a file that did not load", () => {
    const report = {
      numPassedTests: 1, numPendingTests: 1, numTodoTests: 1,
      testResults: [
        { name: '/r/test/a.test.ts', status: 'failed', message: '', assertionResults: [{ status: 'passed', fullName: 'a is', failureMessages: [] }, { status: 'failed', fullName: 'a was', failureMessages: ['\n\u001B[31mError: not 1\u001B[39m\n  at x'] }] },
        { name: '/r/test/b.test.ts', status: 'failed', message: 'Cannot find c', assertionResults: [] },
      ],
    }
    const failures = [{ test: 'test/a.test.ts > a was', why: 'Error: not 1' }, { test: 'test/b.test.ts', why: 'Cannot find c' }]
    expect(ofVitest(report, '/r')).toEqual({ passed: 1, failed: 2, skipped: 2, failures })
  })

  it('of Playwright names what failed inside of its suites; a flaky test passed, and no test at all is no failure', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status, results: [{ error: { message: `${title} was late\n at y` } }] }] })
    const suites = [{ title: 'a.spec.ts', specs: [spec('one', 'expected')], suites: [{ title: 'deep', specs: [spec('two', 'unexpected'), spec('three', 'flaky')] }] }]
    const failures = [{ test: 'a.spec.ts > deep > two', why: 'two was late' }]
    expect(ofPlaywright({ stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 }, errors: [], suites })).toEqual({ passed: 2, failed: 1, skipped: 0, noTests: false, failures })
    const none = { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, errors: [{ message: 'Error: No tests found' }], suites: [] }
    expect(ofPlaywright(none)).toEqual({ passed: 0, failed: 0, skipped: 0, noTests: true, failures: [] })
  })
})

describe('missing libraries', () => {
  it('are read from what ldd prints', () => {
    expect(notFound('\tlinux-vdso.so.1 (0x1)\n\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x2)\n\tlibgbm.so.1 => not found\n')).toEqual(['libnss3.so', 'libgbm.so.1'])
    expect(notFound('\tnot a dynamic executable\n')).toEqual([])
  })

  it("are named as Debian's packages, each once", () => {
    expect(packagesFor(['libnss3.so', 'libnssutil3.so', 'libgtk-3.so.0', 'libasound.so.2', 'libodd.so.9'])).toEqual(['libnss3', 'libgtk-3-0', 'libasound2'])
  })
})

describe('archives', () => {
  it('finds a file in a gzipped tar', () => {
    const tarball = gzipSync(Buffer.concat([tarFile('package/a.txt', 'first'), tarFile('package/b.zip', 'x'.repeat(600)), Buffer.alloc(1024)]))
    expect(fileInTarball(tarball, (name: string) => name.endsWith('.zip'))?.toString()).toBe('x'.repeat(600))
    expect(fileInTarball(tarball, (name: string) => name === 'none')).toBeUndefined()
  })

  it('reads the entries of a zip with their modes', () => {
    const zip = zipOf([['a/run', 'stored', 0o755, 0], ['a/data', 'deflated '.repeat(50), 0o644, 8]])
    expect([...zipEntries(zip)].map(({ name, mode, bytes }) => [name, mode, bytes().toString()])).toEqual([['a/run', 0o755, 'stored'], ['a/data', 0o644, 'deflated '.repeat(50)]])
  })

  it('refuses what is no zip', () => {
    expect(() => [...zipEntries(Buffer.from('not a zip'))]).toThrow('central directory')
  })

  it('writes an asar that Electron reads: sizes, padded header, files in order', () => {
    const bytes = asar({ 'package.json': '{}', 'main.mjs': 'one' })
    const length = bytes.readUInt32LE(12)
    expect([bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]).toEqual([4, Math.ceil(length / 4) * 4 + 8, Math.ceil(length / 4) * 4 + 4])
    expect(JSON.parse(bytes.toString('utf8', 16, 16 + length))).toEqual({ files: { 'package.json': { size: 2, offset: '0' }, 'main.mjs': { size: 3, offset: '2' } } })
    expect(bytes.toString('utf8', 16 + Math.ceil(length / 4) * 4)).toBe('{}one')
  })
})

function tarFile(name: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 'latin1')
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  body.write(content, 0, 'latin1')
  return Buffer.concat([header, body])
}

/** A zip as zip tools write it: local headers with data, then the central directory, then its end record. */
function zipOf(files: readonly (readonly [name: string, content: string, mode: number, method: number])[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  for (const [name, content, mode, method] of files) {
    const data = method === 0 ? Buffer.from(content) : deflateRawSync(content)
    const start = locals.reduce((sum, part) => sum + part.length, 0)
    const local = Buffer.alloc(30)
    local.write('PK\x03\x04', 0, 'latin1')
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.write('PK\x01\x02', 0, 'latin1')
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(data.length, 20)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE((mode | 0o100000) * 0x10000, 38)
    entry.writeUInt32LE(start, 42)
    locals.push(local, Buffer.from(name), data)
    central.push(entry, Buffer.from(name))
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(locals.reduce((sum, part) => sum + part.length, 0), 16)
  return Buffer.concat([...locals, directory, end])
}
