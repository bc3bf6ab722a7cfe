// `app://kite/`: the window's own origin. Files of the build only, each with the content policy as a header (file:// could have none).

import { net, protocol } from 'electron'
import { readRendererFile } from '../host/renderer-files.ts'

export const appOrigin = 'app://kite'
export const appAddress = `${appOrigin}/index.html`

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true } }])
}

/**
 * Serves the folder; after the app is ready. `npm run dev` names Vite's server instead: same origin and same code, but modules are
 * swapped in place, for which Vite needs inline scripts, so its answers go without the content policy.
 */
export function serveAppFiles(folder: string, devServer?: string): void {
  protocol.handle('app', async ({ url }) => {
    if (devServer !== undefined) return net.fetch(devServer + url.slice(appOrigin.length))
    const { host, pathname } = parts(url)
    const { status, headers, body } = await readRendererFile(folder, host === 'kite' ? pathname : '')
    return new Response(body, { status, headers })
  })
}

/** Is this address a page of ours. */
export const isOwnAddress = (url: string): boolean => url === appOrigin || url.startsWith(`${appOrigin}/`)

function parts(url: string): { readonly host: string; readonly pathname: string } {
  const { host, pathname } = new URL(url)
  return { host, pathname: pathname === '/index.html' ? '/' : pathname }
}
