// One configuration, four projects, so that `npm test` can run and count them as stages and a person can run any file by its path:
// `npx vitest run --config test/vitest.config.ts test/unit/engine/idl`.

import { resolve } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

const root = resolve(import.meta.dirname, '..')
const common = {
  root,
  exclude: [...configDefaults.exclude, 'dist/**', 'out/**', 'release/**'],
  passWithNoTests: true,
  // A deadline for what hangs, not a measure of speed: machines may be busy.
  testTimeout: 120_000,
}

export default defineConfig({
  root,
  cacheDir: resolve(root, 'out/vitest'),
  test: {
    ...common,
    projects: [
      // Threads that share their modules: a third less time, since most of these tests are shorter than loading what they test.
      { root, test: { ...common, name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}', 'test/conformance/**/*.test.ts'], testTimeout: 60_000, pool: 'threads', isolate: false } },
      { root, test: { ...common, name: 'arch', include: ['test/arch/**/*.test.ts'] } },
      // Real servers on two cores: one file at a time keeps their deadlines honest.
      { root, test: { ...common, name: 'integration', include: ['test/integration/**/*.spec.ts'], hookTimeout: 300_000, fileParallelism: false } },
      { root, test: { ...common, name: 'cli', include: ['test/cli/**/*.spec.ts'], globalSetup: ['test/support/build-cli.ts'], hookTimeout: 120_000, maxWorkers: 2 } },
    ],
  },
})
