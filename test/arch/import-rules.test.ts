// Runs the import rules over the project, and checks that the cruiser saw every file: with a TypeScript it does not know it reports
// success over nothing.

import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { describe, expect, it } from 'vitest'
import { filesUnder, isTypeScript, root } from '../support/source-files.ts'
import config from './dependency-cruiser.cjs'
import { ruleCases } from './rule-cases.ts'
import { cruiseTree } from './cruise-tree.ts'

describe('import rules', () => {
  it('hold over every source file', async () => {
    const folders = ['shared', 'src-main', 'src-renderer']
    const result = await cruise(folders, { ...config.options, baseDir: root, validate: true, ruleSet: { forbidden: config.forbidden } })
    const { modules, summary } = result.output as ICruiseResult
    const seen = new Set(modules.map(({ source }) => source))
    const missed = folders.flatMap((folder) => filesUnder(folder, isTypeScript)).filter((path) => !path.endsWith('.d.ts') && !seen.has(path))
    const findings = summary.violations.map(({ from, to, rule }) => `${from} -> ${to}: ${rule.name}. ${commentOf(rule.name)}`)
    expect({ missed, findings }).toEqual({ missed: [], findings: [] })
  })

  it.each(ruleCases)('$rule fires on its own violation', async ({ rule, files }) => {
    expect(await cruiseTree(files)).toContain(rule)
  })

  it('have a case each', () => {
    expect(ruleCases.map(({ rule }) => rule)).toEqual(config.forbidden.map(({ name }) => name))
  })

  it('say what to do instead', () => {
    expect(config.forbidden.filter(({ comment }) => (comment ?? '').length < 40)).toEqual([])
  })
})

const commentOf = (name: string): string => config.forbidden.find((rule) => rule.name === name)?.comment ?? ''

