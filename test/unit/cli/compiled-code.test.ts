import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from 'esbuild'

const folder = mkdtempSync(join(tmpdir(), 'kite-compiled-'))
const cache = join(folder, 'cache')
const lib = join(folder, 'lib.cjs')

beforeAll(async () => {
  const bundled = { bundle: true, platform: 'node', format: 'cjs' } as const
  await build({ ...bundled, entryPoints: ['src-main/cli/compiled-code.ts'], outfile: join(folder, 'compiled-code.cjs') })
  writeFileSync(lib, "exports.file = __filename; exports.say = async () => require('node:path').basename(__dirname + '/b')\n")
  writeFileSync(join(folder, 'main.cjs'), [
    "require('./compiled-code.cjs').loadCompiled(require('node:path').join(__dirname, 'lib.cjs'), process.argv[2] === 'keep')",
    "require('./lib.cjs').say().then((said) => console.log(said, require('./lib.cjs').file === require('node:path').join(__dirname, 'lib.cjs')))",
  ].join('\n'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: readonly string[]): string => execFileSync(process.execPath, [join(folder, 'main.cjs'), ...args], { env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache, HOME: cache }, encoding: 'utf8' })
const kept = (): readonly string[] => {
  try {
    return readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bin'))
  } catch {
    return []
  }
}

describe('compiled code', () => {
  it('loads a file as require would, and keeps nothing of a run that is not worth it', () => {
    expect(run()).toBe('b true\n')
    expect(kept()).toEqual([])
  })

  it('keeps the compiled code of a call and takes it the next time', () => {
    expect(run('keep')).toBe('b true\n')
    expect(kept()).toHaveLength(1)
    expect(run()).toBe('b true\n')
  })

  it('does without code that V8 refuses, and replaces it', () => {
    const [name = ''] = kept()
    const store = join(cache, name)
    writeFileSync(store, 'no code at all')
    expect(run('keep')).toBe('b true\n')
    expect(readFileSync(store, 'latin1')).not.toBe('no code at all')
  })

  it('forgets the code of a file that has changed', () => {
    writeFileSync(lib, "exports.file = __filename; exports.say = async () => 'changed since'\n")
    expect(run('keep')).toBe('changed since true\n')
    expect(kept()).toHaveLength(2)
  })
})
