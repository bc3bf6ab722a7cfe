// Loads the file that every call runs together with V8's compiled code of an earlier run, which takes a third off the time of `kite call`
// (Node 22 has module.enableCompileCache for this, Node 20 has not). Without a place to keep it, or with another Node, the file is loaded as ever.

import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { version } from './version.ts'

/**
 * Puts a CommonJS file among the loaded ones, so that the next `require` of it finds it there. `keep`: this run is one worth
 * remembering. The file must not use `import()`, which V8 does not do from code it kept.
 */
export function loadCompiled(file: string, keep: boolean): void {
  const info = statSync(file, { throwIfNoEntry: false })
  const folder = cacheFolder(process.env)
  if (info === undefined || folder === undefined) return
  const store = join(folder, `${version}-${process.version}-${process.arch}-${info.size}-${Math.round(info.mtimeMs)}.bin`)
  const cachedData = readIfThere(store)
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`, {
    filename: file, ...(cachedData === undefined ? {} : { cachedData }),
  })
  const require = createRequire(file)
  const module = new Module(file)
  require.cache[file] = module
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  module.loaded = true
  // At the end V8 has compiled just those functions that a call runs.
  if (keep && (cachedData === undefined || script.cachedDataRejected === true)) process.once('exit', () => write(store, script))
}

function cacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = env
  if (process.platform === 'win32') return LOCALAPPDATA === undefined ? undefined : join(LOCALAPPDATA, 'kite-console', 'code')
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== '') return join(XDG_CACHE_HOME, 'kite-console', 'code')
  if (HOME === undefined || HOME === '') return undefined
  return join(HOME, process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'kite-console', 'code')
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function write(store: string, script: Script): void {
  try {
    mkdirSync(dirname(store), { recursive: true, mode: 0o700 })
    const draft = `${store}.${process.pid}`
    writeFileSync(draft, script.createCachedData(), { mode: 0o600 })
    renameSync(draft, store)
  } catch {
    // A folder that cannot be written only means that the next start is as slow as this one.
  }
}
