// The version is written in by the build (`define`), so that `kite --version` reads no file.

declare const __KITE_VERSION__: string | undefined

export const version: string = typeof __KITE_VERSION__ === 'string' ? __KITE_VERSION__ : '0.0.0-source'

/** What `--version` prints: ours, and the runtime that executes it, since a bug may depend on it. */
export const versionLine = (): string => `kite ${version} (${runtime()}, ${process.platform}-${process.arch})`

function runtime(): string {
  const electron = process.versions['electron']
  return electron === undefined ? `node ${process.versions.node}` : `electron ${electron}, node ${process.versions.node}`
}
