// How each part is bundled. Vite builds the renderer and the command line; esbuild builds what else runs in Node. Everything but Electron
// and `thrift` goes into the bundle, so that the packed application carries no node_modules tree.
//
// The command line is CommonJS, which starts several milliseconds sooner in Node, in chunks that we choose: only Vite's bundler does both.

import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
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

/**
 * What every `kite call` runs goes into one file with all that it needs: opening and compiling forty small files took longer than the call. The
 * name of a module here brings what it imports along; what a call needs only at times stays behind its own `import()`.
 */
const callPath = [
  'src-main/cli/run.ts', 'src-main/cli/commands/call.ts', 'src-main/cli/call/request.ts', 'src-main/engine/index.ts', 'src-main/engine/invoker.ts',
  'src-main/engine/idl/load.ts', 'src-main/engine/idl/find-method.ts', 'src-main/engine/transport/serial-pool.ts', 'shared/logic/json/write.ts',
  'src-main/engine/telemetry/offer.ts', 'src-main/engine/probe/auto.ts', 'src-main/engine/codec/thrift/thrift-binary.ts',
]

/** A file that went elsewhere would silently be loaded apart, and every call start later. */
function existing(path) {
  const file = inRoot(path)
  if (!existsSync(file)) throw new Error(`believed: ${path} is on the path of every call`)
  return file
}

/** A command beside the one that is called is a file of its own. */
export async function bundleCli() {
  const { build } = await import('vite')
  const onCallPath = new Set(callPath.map(existing))
  const readable = process.env.KITE_BUILD_READABLE === '1'
  const outDir = inRoot('dist/cli')
  await build({
    configFile: false,
    root: inRoot('.'),
    logLevel: 'warn',
    publicDir: false,
    define: common().define,
    ssr: { noExternal: true, external, target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: !readable,
      sourcemap: readable,
      rolldownOptions: {
        input: { kite: inRoot('src-main/cli/main.ts') },
        external,
        // Which import is lazy is decided for the first path of each command, whatever another command imports at once.
        checks: { ineffectiveDynamicImport: false },
        output: {
          format: 'cjs',
          // Code that V8 kept compiled cannot import.
          dynamicImportInCjs: false,
          banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
          entryFileNames: '[name].cjs',
          // cli/compiled-code.ts finds it by this name.
          chunkFileNames: ({ name }) => (name === 'call-path' ? 'commands/call-path.cjs' : 'commands/[name]-[hash].cjs'),
          codeSplitting: {
            groups: [
              // `--version` loads nothing else.
              { name: 'version', test: (id) => id === inRoot('src-main/cli/version.ts'), priority: 1 },
              { name: 'call-path', test: (id) => onCallPath.has(id) },
            ],
          },
        },
      },
    },
  })
  chmodSync(join(outDir, 'kite.cjs'), 0o755)
  copyEtcdProto(join(outDir, 'proto'))
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
