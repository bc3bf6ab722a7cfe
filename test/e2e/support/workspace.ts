// A workspace of a story's own, in a temporary folder.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Writes the IDLs, by file name, and a `kite.json` that lists them; returns the folder. */
export function makeWorkspace(name: string, idls: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), `kite-${name}-story-`))
  for (const [file, content] of Object.entries(idls)) writeFileSync(join(folder, file), content)
  writeFileSync(join(folder, 'kite.json'), JSON.stringify({ format: 1, name, idl: { paths: Object.keys(idls) } }))
  return folder
}
