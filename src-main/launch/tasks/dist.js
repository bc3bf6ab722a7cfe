// `npm run dist`: packs the application with electron-builder. The unpacked folder always; an archive where 7-Zip is there; what
// else is named (`-- AppImage deb`) needs normal internet, since electron-builder fetches its tools.

import { build } from '../build.js'
import { ensureElectron, tellElectron } from '../electron.js'
import { ensureDependencies } from '../install.js'
import { inRoot, root } from '../paths.js'
import { has, runProgram } from '../run.js'
import { LaunchError, say } from '../say.js'
import { commandFor } from '../system.js'

export async function run(args) {
  await ensureDependencies()
  await build()
  const electron = await ensureElectron()
  tellElectron(electron)
  const sevenZip = await findSevenZip()
  if (sevenZip === undefined) say('dist.noSevenZip', { command: commandFor(['p7zip-full']) })
  const targets = args.length > 0 ? args : sevenZip === undefined ? ['dir'] : ['dir', 'tar.gz']
  const { code } = await runProgram(
    process.execPath,
    [
      inRoot('node_modules/electron-builder/cli.js'), '--publish', 'never', '--config', 'electron-builder.yml', platformFlag(), ...targets,
      `--config.electronVersion=${electron.version}`, `--config.electronDist=${electron.folder}`,
    ],
    { cwd: root, env: { ELECTRON_BUILDER_COMPRESSION_LEVEL: quickCompression, ...process.env, ...(sevenZip === undefined ? {} : { ELECTRON_BUILDER_7ZIP_PATH: sevenZip }) } },
  )
  if (code !== 0) throw new LaunchError('dist.failed', {})
  say('dist.done', { folder: inRoot('release') })
}

/** Of 9; the highest takes minutes for a few per cent. */
const quickCompression = '3'

const platformFlag = () => ({ darwin: '--mac', win32: '--win' })[process.platform] ?? '--linux'

async function findSevenZip() {
  for (const name of ['7za', '7zz', '7z']) {
    if (await has(name)) return (await runProgram(process.platform === 'win32' ? 'where' : 'which', [name], { show: 'keep' })).output.split('\n')[0]?.trim()
  }
  return undefined
}
