// The built window as files for a protocol (`app://`) or an HTTP server: what a path means, its type, and the headers that go with it.
// The content policy is one header for both hosts; a path that would leave the folder is not found.

import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'

/** No `unsafe-eval`, no inline script, nothing from elsewhere. Blueprint and Monaco set inline styles. */
export const contentPolicy = [
  "default-src 'none'", "script-src 'self'", "worker-src 'self' blob:", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:",
  "font-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
}

/** An answer to a request for a file of the window. */
export interface FileAnswer {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** `path` is the URL's path, still percent-encoded; `/` is the window itself. */
export async function readRendererFile(folder: string, path: string): Promise<FileAnswer> {
  const file = fileOf(folder, path)
  const body = file === undefined ? undefined : await readOrMissing(file)
  if (file === undefined || body === undefined) return { status: 404, headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' }, body: new Uint8Array(Buffer.from('404\n')) }
  return { status: 200, headers: { ...securityHeaders, 'content-type': types[extname(file)] ?? 'application/octet-stream', 'cache-control': cacheOf(path) }, body }
}

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

function fileOf(folder: string, path: string): string | undefined {
  const decoded = decode(path)
  if (decoded === undefined || decoded.includes('\0') || decoded.includes('\\')) return undefined
  const root = resolve(folder)
  const file = resolve(root, `.${decoded === '/' ? '/index.html' : decoded}`)
  return file.startsWith(root + sep) ? file : undefined
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

async function readOrMissing(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(file))
  } catch {
    // A folder, a missing file and one without permission look alike from outside.
    return undefined
  }
}

/** The build writes a hash of the content into every name under assets/. */
const cacheOf = (path: string): string => (path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')

/** Where the build puts the window, seen from a bundle in dist/app or dist/cli (and from dist/cli/commands). */
export const rendererFolder = (bundleFolder: string): string => {
  const dist = bundleFolder.endsWith(`${sep}commands`) ? join(bundleFolder, '..', '..') : join(bundleFolder, '..')
  return join(dist, 'renderer')
}
