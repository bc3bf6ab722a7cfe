// `npm run kite -- …`: the command line of this tree, built when stale. The page is built only for commands that serve it.

import { build } from '../build.js'
import { ensureDependencies } from '../install.js'
import { inRoot } from '../paths.js'
import { inTerminal } from '../run.js'

export async function run(args) {
  await ensureDependencies()
  await build(args.includes('serve') ? ['cli', 'worker', 'renderer'] : ['cli', 'worker'])
  return inTerminal(process.execPath, [inRoot('dist/cli/kite.cjs'), ...args], { cwd: process.env.INIT_CWD ?? process.cwd() })
}
