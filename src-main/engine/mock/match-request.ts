// Whether a request is one that a stub asks for: the value at each field path equals the one in the stub. Numbers are compared by their
// digits, so that 9007199254740993 and 9007199254740992 stay two numbers; a 64-bit integer may be written as a string.

import { isRecord } from '../../../shared/base/is-record.ts'
import type { JsonNode } from '../../../shared/logic/json/node.ts'

/** `user.id`, `ids[0]`, `tags["a.b"]` as steps. Undefined when it is no path. */
export function parsePath(path: string): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = []
  const form = /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y
  while (form.lastIndex < path.length) {
    const found = form.exec(path)
    if (found === null) return undefined
    const [, name, index, quoted] = found
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index))
  }
  return steps.length === 0 ? undefined : steps
}

/** The value at a path; undefined where the request has none. */
export function valueAt(root: JsonNode, steps: readonly (string | number)[]): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const step of steps) {
    if (node?.kind === 'object') node = node.members.findLast(({ key }) => key === String(step))?.value
    else if (node?.kind === 'array' && typeof step === 'number') node = node.items[step]
    else return undefined
  }
  return node
}

/** Deep equality of a request's value with a stub's (JSON values, integers perhaps as bigint). Objects must have the same members. */
export function equals(node: JsonNode | undefined, wanted: unknown): boolean {
  if (node === undefined) return false
  switch (node.kind) {
    case 'null': return wanted === null
    case 'boolean': return node.value === wanted
    case 'string': return typeof wanted === 'string' ? node.value === wanted : isNumber(wanted) && sameNumber(node.value, wanted)
    case 'number': return typeof wanted === 'string' ? node.raw === wanted : isNumber(wanted) && sameNumber(node.raw, wanted)
    case 'array': return Array.isArray(wanted) && wanted.length === node.items.length && node.items.every((item, n) => equals(item, wanted[n]))
    case 'object': return isRecord(wanted) && Object.keys(wanted).length === node.members.length && node.members.every(({ key, value }) => Object.hasOwn(wanted, key) && equals(value, wanted[key]))
  }
}

const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

function sameNumber(raw: string, wanted: number | bigint): boolean {
  if (/^-?\d+$/.test(raw) && typeof wanted === 'bigint') return BigInt(raw) === wanted
  return raw.trim() !== '' && Number(raw) === Number(wanted)
}
