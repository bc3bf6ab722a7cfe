// The checks and tests as stages: what each runs, and how its result is counted. `npm run check` and `npm test` are two choices
// among them. A stage that cannot tell counts (the type checker) counts as one.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { inRoot, root } from './paths.js'
import { ofPlaywright, ofVitest } from './reports.js'
import { runProgram } from './run.js'

const bin = (path) => inRoot('node_modules', path)
const report = (name) => inRoot('out/reports', `${name}.json`)

const whole = (name, program, args) => ({ name, alone: `npm run check -- ${name}`, run: async (options) => ({ ...(await node([bin(program), ...args], options)), count: countWhole }) })

const vitest = (name) => ({
  name,
  alone: `npx vitest run --config test/vitest.config.ts --project ${name}`,
  run: async (options) => {
    prepareReport(name)
    const args = ['run', '--config', 'test/vitest.config.ts', '--project', name, '--silent=passed-only', '--reporter=default', '--reporter=json', `--outputFile.json=${report(name)}`]
    return { ...(await node([bin('vitest/vitest.mjs'), ...args], options)), count: (result) => countVitest(name, result) }
  },
})

export const stages = {
  types: whole('types', 'typescript-native/bin/tsc', ['-b', 'shared', 'src-main', 'src-renderer', 'test']),
  lint: whole('lint', 'eslint/bin/eslint.js', ['--config', 'test/arch/eslint.config.js', '.']),
  deadCode: whole('deadCode', 'knip/bin/knip.js', ['--config', 'test/arch/knip.json', '--no-progress']),
  arch: vitest('arch'),
  unit: vitest('unit'),
  integration: vitest('integration'),
  cli: vitest('cli'),
  window: {
    name: 'window',
    alone: 'npm test -- window',
    run: async (options) => {
      prepareReport('window')
      const env = { ...process.env, ...options?.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report('window') }
      return { ...(await node([bin('@playwright/test/cli.js'), 'test', '--config', 'test/e2e/playwright.config.ts', ...(options?.args ?? [])], { ...options, env })), count: countPlaywright }
    },
  },
}

const node = (args, options = {}) => runProgram(process.execPath, args, { cwd: root, ...options })

function prepareReport(name) {
  mkdirSync(inRoot('out/reports'), { recursive: true })
  rmSync(report(name), { force: true })
}

const countWhole = ({ code }) => (code === 0 ? { ...none, passed: 1 } : broken)

function countVitest(name, { code }) {
  if (!existsSync(report(name))) return code === 0 ? none : broken
  return ofVitest(JSON.parse(readFileSync(report(name), 'utf8')), root)
}

function countPlaywright({ code }) {
  if (!existsSync(report('window'))) return code === 0 ? none : broken
  return ofPlaywright(JSON.parse(readFileSync(report('window'), 'utf8')))
}

const none = { passed: 0, failed: 0, skipped: 0, failures: [] }
const broken = { ...none, failed: 1 }

/** Runs a stage; a run that ended badly without a counted failure counts as one. */
export async function runStage(stage, options) {
  const started = performance.now()
  const result = await stage.run(options)
  const counts = result.count(result)
  const silent = result.code !== 0 && counts.failed === 0 && counts.noTests !== true
  return { name: stage.name, alone: stage.alone, output: result.output, seconds: ((performance.now() - started) / 1000).toFixed(1), ...counts, failed: silent ? 1 : counts.failed }
}
