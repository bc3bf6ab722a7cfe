// `npm run bench [-- name …]`: the measurements of test/perf, one after another, since they would slow each other. Each is bundled,
// because the product runs bundled. A bench prints its own table and hands its figures to `out/bench/<name>.json`.

import { mkdirSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { allParts, build } from '../build.js'
import { ensureElectron } from '../electron.js'
import { sandboxFlags, virtualDisplay } from '../display.js'
import { ensureDependencies } from '../install.js'
import { inRoot, root } from '../paths.js'
import { inTerminal } from '../run.js'
import { LaunchError, say } from '../say.js'
import { moduleBanner } from '../bundle.js'

const folder = inRoot('test/perf')

export async function run(args) {
  await ensureDependencies()
  const names = readdirSync(folder).filter((name) => name.endsWith('.bench.ts')).map((name) => basename(name, '.bench.ts'))
  const chosen = names.filter((name) => args.length === 0 || args.some((arg) => name.includes(arg)))
  if (chosen.length === 0) throw new LaunchError('bench.none', { name: args.join(' '), names: names.join(', ') })
  await build(chosen.some(isWindowed) ? allParts : ['cli', 'worker'])
  mkdirSync(inRoot('out/bench'), { recursive: true })
  const codes = []
  for (const name of chosen) codes.push(await runBench(name))
  say('bench.done', { folder: inRoot('out/bench') })
  return codes.some((code) => code !== 0) ? 1 : 0
}

/** Only these need an Electron and a display. */
const isWindowed = (name) => name.startsWith('window')

async function runBench(name) {
  const { build: bundle } = await import('esbuild')
  const outfile = inRoot('out/bench/js', `${name}.mjs`)
  await bundle({
    entryPoints: [`${folder}/${name}.bench.ts`], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error', banner: { js: moduleBanner },
  })
  const windowed = isWindowed(name)
  const display = windowed ? await virtualDisplay() : { env: {}, stop: () => {} }
  const electron = windowed ? { KITE_TEST_ELECTRON: (await ensureElectron()).executable, KITE_TEST_ELECTRON_FLAGS: sandboxFlags().join(' ') } : {}
  try {
    return await inTerminal(process.execPath, ['--expose-gc', outfile], { cwd: root, env: { ...process.env, ...display.env, ...electron, KITE_BENCH_RESULT: inRoot('out/bench', `${name}.json`) } })
  } finally {
    display.stop()
  }
}
