// CLI tests run the built binary, so it is built first when stale: a test must never judge yesterday's program.

import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export function setup(): void {
  execFileSync(process.execPath, ['src-main/launch/dev.js', 'build', 'cli', 'worker'], { cwd: root, stdio: 'inherit' })
}
