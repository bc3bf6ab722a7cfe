// Includes may meet again (a diamond) but not go in circles: thriftgo refuses those. Each circle is reported once, with its chain,
// at the include that closes it. Iterative, since a chain of includes may be long.

import type { Findings } from '../diagnostics.ts'
import type { FileScope } from './scope.ts'

/** Reports every include that leads back to a file on the way to it. */
export function reportIncludeCycles(scopes: readonly FileScope[], findings: Findings): void {
  const done = new Set<FileScope>()
  for (const root of scopes) if (!done.has(root)) walk(root, done, findings)
}

function walk(root: FileScope, done: Set<FileScope>, findings: Findings): void {
  const path: { scope: FileScope; next: number }[] = [{ scope: root, next: 0 }]
  const onPath = new Set([root])
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const include = top.scope.includes[top.next++]
    if (include === undefined) {
      onPath.delete(top.scope)
      done.add(top.scope)
      path.pop()
      continue
    }
    const { target, node } = include
    if (target === undefined || done.has(target)) continue
    if (onPath.has(target)) {
      const from = path.findIndex((one) => one.scope === target)
      const chain = [...path.slice(from).map((one) => one.scope.path), target.path]
      findings.add(top.scope.source, { code: 'include-cycle', start: node.start, end: node.end, params: { chain: shorten(chain).join(' → ') } })
    } else {
      onPath.add(target)
      path.push({ scope: target, next: 0 })
    }
  }
}

const shorten = (chain: readonly string[]): readonly string[] => (chain.length <= 12 ? chain : [...chain.slice(0, 6), '…', ...chain.slice(-5)])
