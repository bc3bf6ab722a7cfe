// What every command has from the frame: version, help, mistakes, languages, output modes, pipes and signals. Run against the built binary.

import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { kitePath, root, runKite } from '../support/run-kite.ts'

const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { readonly version: string }

const nouns = ['call', 'idl', 'encode', 'decode', 'services', 'probe', 'trace', 'receive', 'mock', 'demo', 'serve']

describe('kite', () => {
  it('tells its version and runtime', async () => {
    expect(await runKite(['--version'])).toEqual({ code: 0, stdout: `kite ${version} (node ${process.versions.node}, ${process.platform}-${process.arch})\n`, stderr: '' })
  })

  it.each([[[]], [['help']], [['--help']], [['-h']], [['-help']]])('shows every command with %j', async (args) => {
    const { code, stdout, stderr } = await runKite(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect([...stdout.matchAll(/^ {2}kite (\w+)/gm)].map(([, noun]) => noun)).toEqual(nouns)
  })

  it.each(nouns)('kite help %s shows examples first, in both languages', async (noun) => {
    const english = await runKite(['help', noun])
    const chinese = await runKite([noun, '--help', '--lang', 'zh-CN'])
    expect([english.code, chinese.code]).toEqual([0, 0])
    expect(english.stdout).toMatch(/^Examples\n {2}# .+\n {2}(\S.* \| )?kite /)
    expect(chinese.stdout).toMatch(/^示例\n {2}# .*\p{Script=Han}.*\n {2}(\S.* \| )?kite /u)
    expect(english.stdout).toMatch(new RegExp(`^Usage\\n.*\\n\\n {2}kite ${noun}`, 'm'))
    expect(english.stdout + chinese.stdout).not.toMatch(/\b(cli|call|idl|codec|telemetry|mock|discovery|demo|workspace|app|probe|stream|http|grpc|reflection|transport)\.[a-z]\w*\.[a-z]\w*/)
  })

  it('suggests the nearest command and ends with 2', async () => {
    expect(await runKite(['idll'])).toEqual({ code: 2, stdout: '', stderr: 'kite: There is no command idll. Did you mean idl?\n' })
    expect((await runKite(['idll', '--lang', 'zh'])).stderr).toBe('kite: 没有 idll 这个命令。是否想用 idl？\n')
  })

  it('suggests the nearest flag and the nearest verb', async () => {
    expect((await runKite(['call', '--endpont', 'x'])).stderr).toContain('Unknown flag --endpont. Did you mean --endpoint?')
    expect((await runKite(['call', '--outpt', 'json'])).stderr).toContain('Did you mean --output?')
    expect((await runKite(['idl', 'chek'])).stderr).toContain('Did you mean check?')
  })

  it('prints an error as one document on stdout when the output is JSON', async () => {
    const json = await runKite(['--output', 'json', 'idll'])
    expect({ ...json, stdout: JSON.parse(json.stdout) as unknown }).toEqual({
      code: 2, stderr: '', stdout: { error: { code: 'usage', layer: 'usage', message: 'There is no command idll.', hint: 'Did you mean idl?' } },
    })
    expect((await runKite(['-o', 'ndjson', 'idll'])).stdout.split('\n')).toHaveLength(2)
  })

  it('refuses a value that a global flag does not have', async () => {
    expect(await runKite(['--output', 'yaml', 'help'])).toEqual({ code: 2, stdout: '', stderr: 'kite: Flag --output does not take yaml; it takes text, json, ndjson.\n' })
  })

  it('follows the locale, and KITE_LANG before it', async () => {
    expect((await runKite(['help'], { env: { LANG: 'zh_CN.UTF-8' } })).stdout).toContain('命令')
    expect((await runKite(['help'], { env: { LANG: 'zh_CN.UTF-8', KITE_LANG: 'en' } })).stdout).toContain('Commands')
  })

  it('is quiet when the reader of its output goes away', () => {
    const shell = `"${process.execPath}" "${kitePath}" help | head -n 1; echo "\${PIPESTATUS[0]}"`
    expect(execFileSync('bash', ['-c', shell], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n')[0]).toContain('kite')
  })
})
