// The entry of `kite`. It answers `--version` before loading anything; everything else sits behind one lazy import, since the time
// until a command's first line is counted in milliseconds.

import { versionLine } from './version.ts'

const argv = process.argv.slice(2)

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-version')) {
  process.stdout.write(`${versionLine()}\n`)
} else {
  void import('./run.ts').then(({ run }) => run(argv))
}
