// `npm run e2e [-- story -g "a name"]`: window tests alone, with Playwright's own arguments.

import { build } from '../build.js'
import { ensureDependencies } from '../install.js'
import { runWindowStage } from '../window-stage.js'

export async function run(args) {
  await ensureDependencies()
  await build()
  const { failed, reason } = await runWindowStage(args)
  if (reason !== undefined) process.stderr.write(`${reason}\n`)
  return failed > 0 || reason !== undefined ? 1 : 0
}
