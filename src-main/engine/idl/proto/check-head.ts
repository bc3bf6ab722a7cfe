// The head of a file: imports that are of no use, and circles of imports.

import type { FileProto } from './model.ts'
import type { Report } from './report.ts'

/** Imports of one file. */
export function checkFileHead(file: FileProto, report: Report): void {
  for (const { node, path, target, kind, used } of file.imports) {
    if (target === undefined || node === undefined) continue
    const cycle = target === file ? [path, path] : cycleFrom(file, target)
    if (cycle !== undefined) report(node, 'import-cycle', { chain: cycle.join(' → ') })
    else if ((kind === 'plain' || kind === 'weak') && !used) report(node, 'unused-import', { path })
  }
}

// Found by every file of the circle, each at its own import: whichever is open in an editor shows it.
function cycleFrom(file: FileProto, target: FileProto): readonly string[] | undefined {
  const seen = new Map<FileProto, FileProto | undefined>([[target, undefined]])
  for (const one of seen.keys()) {
    for (const { target: next } of one.imports) {
      if (next === file) {
        const chain = [file.path]
        for (let at: FileProto | undefined = one; at !== undefined; at = seen.get(at)) chain.push(at.path)
        return [...chain.slice(0, 1), ...chain.slice(1).reverse().slice(0, 20), file.path]
      }
      if (next !== undefined && !seen.has(next)) seen.set(next, one)
    }
  }
  return undefined
}
