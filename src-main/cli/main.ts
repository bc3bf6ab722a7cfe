// The entry of `kite`. It answers `--version` before loading anything; everything else sits behind one lazy import, since the time
// until a command's first line is counted in milliseconds.

import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { versionLine } from './version.ts'

const argv = process.argv.slice(2)

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-version')) {
  try {
    // `process.stdout` alone costs milliseconds.
    writeSync(1, `${versionLine()}\n`)
  } catch {
    // The reader has gone or the disk is full: there is nobody to tell.
    process.exitCode = 1
  }
} else {
  void start()
}

async function start(): Promise<void> {
  const { loadCompiled } = await import('./compiled-code.ts')
  loadCompiled(join(import.meta.dirname, 'commands', 'call-path.cjs'), argv[0] === 'call')
  const { run } = await import('./run.ts')
  await run(argv)
}
