// `npm run check`: everything that needs no server and no window, side by side, in under a minute. Only what fails is shown, with the
// command that shows it alone. `npm run check -- lint types` runs just those.

import { availableParallelism } from 'node:os'
import { ensureDependencies } from '../install.js'
import { LaunchError, say } from '../say.js'
import { runStage, stages } from '../stages.js'

/** The longest first, so that none is left to run alone at the end. */
const fast = ['lint', 'unit', 'types', 'arch', 'deadCode']
const fixes = { lint: 'npx eslint --config test/arch/eslint.config.js --fix .' }

export async function run(args) {
  const unknown = args.find((name) => !fast.includes(name))
  if (unknown !== undefined) throw new LaunchError('check.unknown', { name: unknown, names: fast.join(', ') })
  await ensureDependencies()
  const started = performance.now()
  const results = await atOnce(args.length === 0 ? fast : args, checkOne)
  const failed = results.filter((result) => result.failed > 0)
  if (failed.length > 0) say('check.failed', { stages: failed.map(({ name }) => name).join(', ') })
  else say('check.done', { seconds: ((performance.now() - started) / 1000).toFixed(0) })
  return failed.length > 0 ? 1 : 0
}

/** As many at once as there are cores, since each keeps one busy. */
async function atOnce(names, work) {
  const waiting = [...names]
  const results = []
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) results.push(await work(name))
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  return results
}

async function checkOne(name) {
  const result = await runStage(stages[name], { show: 'keep' })
  if (result.failed === 0) tellPassed(result)
  else {
    process.stdout.write(result.output)
    say('stage.failed', { ...result, stage: name, command: fixes[name] ?? result.alone })
  }
  return result
}

/** Counts where there are counts; one check that found nothing says so. */
export function tellPassed(result) {
  const stage = result.name
  if (result.passed === 0 && result.skipped === 0) say('stage.none', { stage })
  else if (['types', 'lint', 'deadCode'].includes(stage)) say('stage.ok', { ...result, stage })
  else say(result.skipped > 0 ? 'stage.passedSkipped' : 'stage.passed', { ...result, stage })
}
