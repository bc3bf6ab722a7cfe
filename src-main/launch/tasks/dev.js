// `npm run dev`: the window with hot reload. Vite serves the renderer and swaps modules in place; esbuild rebuilds what runs in Node
// and restarts Electron.

import { spawn } from 'node:child_process'
import { createServer as createTcpServer } from 'node:net'
import { appOptions, copyAssets, preloadOptions, workerOptions } from '../bundle.js'
import { sandboxFlags } from '../display.js'
import { ensureElectron, tellElectron } from '../electron.js'
import { ensureDependencies } from '../install.js'
import { inRoot, root } from '../paths.js'
import { say } from '../say.js'
import { ensureLibraries } from '../system.js'

/** Rebuilds of several bundles after one save come within this time of each other. */
const settleMs = 150

export async function run(args) {
  await ensureDependencies()
  const electron = await ensureElectron()
  tellElectron(electron)
  await ensureLibraries(electron.executable)
  const { createServer } = await import('vite')
  const port = await freePort()
  // The page's origin is app://kite, so Vite's client must be told where its socket is.
  const hmr = { protocol: 'ws', host: '127.0.0.1', clientPort: port }
  const server = await createServer({ configFile: inRoot('src-renderer/vite.config.ts'), clearScreen: false, base: '/', server: { host: '127.0.0.1', port, strictPort: true, hmr } })
  await server.listen()
  const url = `http://127.0.0.1:${port}`
  copyAssets()
  const window = windowProcess(electron.executable, [...sandboxFlags(), root, ...(args.length === 0 ? ['--demo'] : args)], url)
  const contexts = await watchAll(() => window.restart())
  say('dev.ready', { url })
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  window.stop()
  await Promise.all([server.close(), ...contexts.map((context) => context.dispose())])
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createTcpServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function watchAll(changed) {
  const { context } = await import('esbuild')
  const plugin = { name: 'restart', setup: (build) => build.onEnd(({ errors }) => { if (errors.length === 0) changed() }) }
  const options = [appOptions(), preloadOptions(), workerOptions()].filter(({ entryPoints }) => Object.keys(entryPoints).length > 0)
  const contexts = await Promise.all(options.map((each) => context({ ...each, minify: false, sourcemap: 'linked', plugins: [plugin] })))
  await Promise.all(contexts.map((each) => each.watch()))
  return contexts
}

function windowProcess(executable, args, url) {
  let child
  let timer
  const start = () => {
    child?.kill()
    child = spawn(executable, args, { stdio: 'inherit', env: { ...process.env, KITE_RENDERER_URL: url } })
  }
  return {
    restart: () => {
      clearTimeout(timer)
      timer = setTimeout(start, settleMs)
    },
    stop: () => {
      clearTimeout(timer)
      child?.kill()
    },
  }
}
