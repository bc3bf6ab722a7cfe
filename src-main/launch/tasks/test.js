// `npm test`: sets up whatever is missing, then runs every stage and adds up. The last line is always `N passed, N failed`. With
// CI set nothing may be skipped: a test that did not run has not passed. `npm test -- unit window` runs just those stages.

import { build } from '../build.js'
import { ensureDependencies } from '../install.js'
import { LaunchError, say } from '../say.js'
import { runStage, stages } from '../stages.js'
import { runWindowStage } from '../window-stage.js'
import { tellPassed } from './check.js'

const order = [['types', 'lint', 'deadCode'], ['arch'], ['unit'], ['integration'], ['cli'], ['window']]

export async function run(args) {
  const unknown = args.find((name) => !order.flat().includes(name))
  if (unknown !== undefined) throw new LaunchError('check.unknown', { name: unknown, names: order.flat().join(', ') })
  const wanted = (name) => args.length === 0 || args.includes(name)
  await ensureDependencies()
  await build()
  const results = []
  for (const group of order) results.push(...(await Promise.all(group.filter(wanted).map(runOne))))
  return conclude(results)
}

async function runOne(name) {
  say('stage.start', { stage: name })
  const result = name === 'window' ? await runWindowStage() : await runStage(stages[name], { show: ['types', 'lint', 'deadCode'].includes(name) ? 'keep' : 'live' })
  if (result.reason !== undefined) say('stage.cannot', { stage: name, reason: result.reason })
  else if (result.failed === 0) tellPassed(result)
  else {
    if (['types', 'lint', 'deadCode'].includes(name)) process.stderr.write(result.output)
    say('stage.failed', { ...result, stage: name, command: result.alone })
  }
  return result
}

function conclude(results) {
  const sum = (kind) => results.reduce((total, result) => total + result[kind], 0)
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map(sum)
  for (const result of results) tellFailures(result)
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`)
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed > 0 || (process.env.CI && skipped > 0) ? 1 : 0
}

/** Once more at the very end, since what a stage printed itself is thousands of lines above by then. */
function tellFailures({ name, failed, failures }) {
  for (const { test, why } of failures) process.stdout.write(`failed: ${name}: ${test}\n    ${why}\n`)
  if (failed > failures.length) process.stdout.write(`failed: ${name}\n`)
}
