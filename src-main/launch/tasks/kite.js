// `npm run kite -- …`: the command line of this tree, built when stale. The page is built only for commands that serve it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { build } from '../build.js'
import { inRoot } from '../paths.js'

const needsPage = new Set(['serve', 'demo'])

export async function run(args) {
  await build(args.some((arg) => needsPage.has(arg)) ? ['cli', 'worker', 'renderer'] : ['cli', 'worker'])
  const child = spawn(process.execPath, [inRoot('dist/cli/kite.cjs'), ...args], { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() })
  const ignore = () => {}
  process.on('SIGINT', ignore).on('SIGTERM', () => child.kill('SIGTERM'))
  const [code, signal] = await once(child, 'exit')
  return code ?? (signal === 'SIGINT' ? 130 : 143)
}
