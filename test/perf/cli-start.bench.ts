// What `kite` costs before it does anything: whole processes, compared with a bare `node` that runs an empty file, taken in turns so that
// a busy machine slows both. Aim: `--version` at most 10 ms over bare node.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { keep, median, table } from './support/figures.ts'

const kite = resolve('dist/cli/kite.cjs')
const rounds = 41

const folder = mkdtempSync(join(tmpdir(), 'kite-bench-'))
const empty = join(folder, 'empty.cjs')
writeFileSync(empty, '')

const variants = {
  'bare node': [empty],
  'kite --version': [kite, '--version'],
  'kite help': [kite, 'help'],
  'kite help call': [kite, 'help', 'call'],
} as const

const samples = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]))
for (let round = 0; round < rounds; round += 1) {
  for (const [name, args] of Object.entries(variants)) samples.get(name)?.push(wholeProcessMs(args))
}
rmSync(folder, { recursive: true })

const bare = median(samples.get('bare node') ?? [])
const figures = Object.fromEntries([...samples].map(([name, times]) => [name, { p50Ms: median(times), overBareMs: median(times) - bare, minMs: Math.min(...times) }]))
table(figures)
keep({ aim: { 'kite --version overBareMs': 10 }, figures })

function wholeProcessMs(args: readonly string[]): number {
  const started = performance.now()
  execFileSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, KITE_LANG: 'en' } })
  return performance.now() - started
}
