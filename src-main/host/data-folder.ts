// Where this user's settings, layout and recent list live, and what is done while no workspace is open. The system's usual place,
// or KITE_DATA_DIR.

import { homedir } from 'node:os'
import { join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** Absolute path of the data folder; it may not exist yet. */
export function dataFolder(env: Env, platform: NodeJS.Platform, home: string = homedir()): string {
  const own = env['KITE_DATA_DIR']
  if (own !== undefined && own !== '') return own
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Kite Console')
  if (platform === 'win32') return join(filled(env['APPDATA']) ?? join(home, 'AppData', 'Roaming'), 'Kite Console')
  return join(filled(env['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'kite-console')
}

const filled = (value: string | undefined): string | undefined => (value === '' ? undefined : value)
