// What only a real host can do, passed in by app and serve: the rest of the contract is the engine's.

import type { AppInfo } from '../../shared/ipc/contract.ts'

export interface HostAbilities {
  readonly info: Omit<AppInfo, 'settings' | 'layout'>
  copyText(text: string): Promise<void>
  /** Asks with the system's dialog; empty when cancelled. Throws KiteError `unsupported` where there is none. */
  pickIdl(): Promise<readonly string[]>
  pickFolder(): Promise<string | undefined>
  /** Where to save a file that would bear this name. */
  pickSave(name: string): Promise<string | undefined>
}

export type Platform = AppInfo['platform']

/** Node's many platforms as the window tells them apart: by keys and paths. */
export const platformOf = (platform: NodeJS.Platform): Platform =>
  platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other'
