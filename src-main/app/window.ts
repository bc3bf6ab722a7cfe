// The window: sandboxed, isolated, without Node. A renderer that dies is loaded again (drafts are on disk); one that keeps dying is not.

import { BrowserWindow, nativeTheme } from 'electron'
import { join } from 'node:path'
import { readGeometry, rememberGeometry, smallest } from './geometry.ts'
import { appAddress } from './protocol.ts'
import { mark } from './start-marks.ts'

const crashWindowMs = 60_000
const crashLimit = 3

/** Opens the window and begins to load the page; `follow` sees its web contents before the page runs. */
export function openWindow(distFolder: string, title: string, follow: (contents: BrowserWindow['webContents']) => void): BrowserWindow {
  const { bounds, isMaximized } = readGeometry()
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title,
    show: false,
    autoHideMenuBar: true,
    // The shell's own background in each theme, so that nothing flashes before the first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1c2127' : '#f6f7f9',
    webPreferences: {
      preload: join(distFolder, 'preload', 'bridge.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  if (isMaximized) window.maximize()
  window.once('ready-to-show', () => {
    mark('ready to show')
    window.show()
  })
  window.on('page-title-updated', (event) => event.preventDefault())
  rememberGeometry(window)
  follow(window.webContents)
  reloadAfterCrash(window)
  void window.loadURL(appAddress)
  return window
}

function reloadAfterCrash(window: BrowserWindow): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || reason === 'killed' && window.isDestroyed()) return
    const now = Date.now()
    crashes.push(now)
    if (crashes.filter((at) => now - at < crashWindowMs).length > crashLimit) return
    setImmediate(() => {
      if (!window.isDestroyed()) void window.loadURL(appAddress)
    })
  })
}
