// The door for every npm script: `node src-main/launch/dev.js <task> [arguments]`. Plain JavaScript without a dependency, since it
// runs before anything is installed. Each task is a file of its own, loaded when asked for.

import { nodeIsNewEnough, wantedNode } from './node-version.js'
import { LaunchError, say } from './say.js'

const tasks = {
  start: () => import('./tasks/start.js'),
  dev: () => import('./tasks/dev.js'),
  build: () => import('./tasks/build.js'),
  kite: () => import('./tasks/kite.js'),
  check: () => import('./tasks/check.js'),
  test: () => import('./tasks/test.js'),
  e2e: () => import('./tasks/e2e.js'),
  bench: () => import('./tasks/bench.js'),
  dist: () => import('./tasks/dist.js'),
}

async function main([task = 'start', ...args]) {
  if (!nodeIsNewEnough()) return refuse('node.old', { wanted: wantedNode, found: process.versions.node })
  const load = tasks[task]
  if (load === undefined) return refuse('usage', { task, tasks: Object.keys(tasks).join(', ') })
  const { run } = await load()
  return run(args)
}

function refuse(key, params) {
  say(key, params)
  return 2
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ?? 0
} catch (error) {
  process.stderr.write(`${error instanceof LaunchError ? error.message : (error?.stack ?? error)}\n`)
  process.exitCode = 1
}
