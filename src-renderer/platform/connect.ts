// Picks the bridge of whatever host this page runs in. Called once, by main.tsx.

import type { WindowBridge } from '../../shared/ipc/window-bridge.ts'
import { type Platform, createPlatform } from './client.ts'
import { createElectronBridge } from './electron-bridge.ts'
import { browserSocketHost, createSocketBridge } from './socket-bridge.ts'

declare global {
  interface Window {
    /** Electron's preload script puts it here; a page has none. */
    readonly kite?: WindowBridge
  }
}

/** The platform of this window or page. */
export function connectPlatform(): Platform {
  const { kite } = window
  return createPlatform(kite === undefined ? createSocketBridge(browserSocketHost(location)) : createElectronBridge(kite, window))
}
