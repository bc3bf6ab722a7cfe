// What no page of this application may ever do, whatever got into it: go elsewhere, open windows, embed web views, ask for permissions.

import { type Session, type WebContents, app } from 'electron'
import { isOwnAddress } from './protocol.ts'

/** Guards every web contents that is ever made, also ones that nobody meant to make. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => guard(contents))
}

/** Refuses every permission: the window needs none (the clipboard goes through the contract). */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

function guard(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-navigate', (event, url) => {
    if (!isOwnAddress(url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnAddress(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event, url) => {
    if (!isOwnAddress(url)) event.preventDefault()
  })
}
