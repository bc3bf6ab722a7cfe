// Cruises a tiny tree made for one test and names the rules that it breaks.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import config from './dependency-cruiser.cjs'

/** `files` maps a path to what it imports. */
export async function cruiseTree(files: Readonly<Record<string, readonly string[]>>): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kite-rules-'))
  try {
    for (const [path, imports] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), `${imports.map((target) => `import ${JSON.stringify(target)}`).join('\n')}\nexport {}\n`)
    }
    const tops = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))].filter((top) => top !== 'node_modules')
    const { output } = await cruise(tops, { ...config.options, baseDir: folder, validate: true, ruleSet: { forbidden: config.forbidden } })
    return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
