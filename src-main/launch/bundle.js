// How each part is bundled. Vite builds the renderer; esbuild builds what runs in Node, where everything but Electron and
// `thrift` goes into the bundle, so that the packed application carries no node_modules tree.
//
// The command line is built in two steps: esbuild splits code only for ES modules, but CommonJS starts several milliseconds sooner
// in Node, so the split chunks are turned into CommonJS one by one. Each command is then loaded when it is asked for.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { inRoot } from './paths.js'

const external = ['electron', 'thrift']
const version = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).version

/** CommonJS packages inside an ES module bundle still ask for these. */
export const moduleBanner = [
  "import { createRequire as __createRequire } from 'node:module'",
  'const require = __createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename',
].join('\n')

const common = () => ({
  bundle: true,
  platform: 'node',
  target: 'node20',
  external,
  define: { __KITE_VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
  legalComments: 'none',
  minify: process.env.KITE_BUILD_READABLE !== '1',
  keepNames: true,
  sourcemap: process.env.KITE_BUILD_READABLE === '1' ? 'linked' : false,
})

const esmOptions = (entryPoints, outdir) => ({
  ...common(),
  entryPoints,
  outdir,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  banner: { js: moduleBanner },
})

export const appOptions = () => esmOptions({ main: inRoot('src-main/app/main.ts') }, inRoot('dist/app'))

/** Each file directly in src-main/worker is a thread's entry, but for what both ends import. */
export function workerOptions() {
  const shared = new Set(['pool.ts', 'messages.ts'])
  const folder = inRoot('src-main/worker')
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ts') && !shared.has(name)) : []
  return esmOptions(Object.fromEntries(files.map((name) => [basename(name, '.ts'), join(folder, name)])), inRoot('dist/worker'))
}

export const preloadOptions = () => ({
  ...common(),
  entryPoints: { bridge: inRoot('src-main/preload/bridge.ts') },
  outdir: inRoot('dist/preload'),
  format: 'cjs',
  target: 'chrome130',
  outExtension: { '.js': '.cjs' },
})

export async function bundleNode(options) {
  const { build } = await import('esbuild')
  rmSync(options.outdir, { recursive: true, force: true })
  if (Object.keys(options.entryPoints).length > 0) await build(options)
}

export async function bundleCli() {
  const { build, transform } = await import('esbuild')
  const outdir = inRoot('dist/cli')
  const { outputFiles } = await build({
    ...common(),
    entryPoints: { kite: inRoot('src-main/cli/main.ts') },
    outdir,
    format: 'esm',
    splitting: true,
    write: false,
    minify: false,
    sourcemap: false,
    outExtension: { '.js': '.cjs' },
    chunkNames: 'commands/[name]-[hash]',
  })
  const files = await Promise.all(outputFiles.map(async ({ path, text }) => ({ path, code: await toCommonJs(transform, text) })))
  rmSync(outdir, { recursive: true, force: true })
  for (const { path, code } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, path.endsWith('kite.cjs') ? `#!/usr/bin/env node\n${code}` : code, { mode: path.endsWith('kite.cjs') ? 0o755 : 0o644 })
  }
  copyEtcdProto(join(outdir, 'proto'))
}

async function toCommonJs(transform, text) {
  const source = text.replace(/^#!.*\n/, '')
  const url = source.includes('import.meta.url') ? 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;' : ''
  const { code } = await transform(source, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: process.env.KITE_BUILD_READABLE !== '1',
    keepNames: false,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename', 'import.meta.url': '__importMetaUrl' },
    banner: url,
  })
  return code
}

export async function bundleRenderer() {
  const { build } = await import('vite')
  await build({ configFile: inRoot('src-renderer/vite.config.ts'), logLevel: 'warn' })
}

/** etcd3 reads its .proto files from `../proto` beside the file it is in: after bundling, the folder above the chunk's. */
function copyEtcdProto(target) {
  const proto = inRoot('node_modules/etcd3/proto')
  if (existsSync(proto)) cpSync(proto, target, { recursive: true })
}

/**
 * Files that code reads at run time: etcd3's .proto files for the bundles one folder deep; `assets` folders of the engine are found at dist/assets/<name>.
 */
export function copyAssets() {
  copyEtcdProto(inRoot('dist/proto'))
  rmSync(inRoot('dist/assets'), { recursive: true, force: true })
  for (const area of readdirSync(inRoot('src-main/engine'))) {
    const assets = inRoot('src-main/engine', area, 'assets')
    if (existsSync(assets)) cpSync(assets, inRoot('dist/assets', area), { recursive: true })
  }
}
