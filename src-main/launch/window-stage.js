// Window tests need an Electron, its libraries and a display. What is missing and cannot be had makes the stage skipped, with the
// reason; in CI the caller counts that as a failure.

import { sandboxFlags, virtualDisplay } from './display.js'
import { ensureElectron, tellElectron } from './electron.js'
import { LaunchError } from './say.js'
import { runStage, stages } from './stages.js'
import { ensureLibraries } from './system.js'

export async function runWindowStage(args = []) {
  let display
  try {
    const electron = await ensureElectron()
    tellElectron(electron)
    await ensureLibraries(electron.executable)
    display = await virtualDisplay()
    return await runStage(stages.window, { args, env: { ...display.env, KITE_TEST_ELECTRON: electron.executable, KITE_TEST_ELECTRON_FLAGS: sandboxFlags().join(' ') } })
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    return { name: 'window', passed: 0, failed: 0, skipped: 1, failures: [], reason: error.message }
  } finally {
    display?.stop()
  }
}
