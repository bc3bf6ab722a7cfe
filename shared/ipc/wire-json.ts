// JSON that carries what structured clone carries and plain JSON does not: bigint, bytes, undefined in lists, NaN, the infinities and
// -0. A page's WebSocket speaks it, so that a page and an Electron window get the very same values. Tagged values are objects with the
// key `$`; an object that has such a key itself is wrapped, so nothing is ever mistaken.

import { fromBase64, toBase64 } from './base64.ts'

type Tagged = { readonly $: string; readonly v?: unknown }

/** As text; values must be free of cycles, functions and class instances other than Uint8Array. */
export const stringifyWire = (value: unknown): string => JSON.stringify(toWire(value))

/** Throws SyntaxError for what is no JSON or bears an unknown tag. */
export const parseWire = (text: string): unknown => fromWire(JSON.parse(text))

function toWire(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint': return { $: 'bigint', v: value.toString() }
    case 'undefined': return { $: 'undefined' }
    case 'number': return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) }
    case 'object': return value === null ? null : objectToWire(value)
    default: return value
  }
}

function objectToWire(value: object): unknown {
  if (value instanceof Uint8Array) return { $: 'bytes', v: toBase64(value) }
  if (Array.isArray(value)) return value.map(toWire)
  const members = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, toWire(member)]))
  return Object.hasOwn(value, '$') ? { $: 'object', v: members } : members
}

function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromWire)
  return isTagged(value) ? untag(value) : membersFromWire(value)
}

// fromEntries defines members, so a key `__proto__` is a key like any other.
const membersFromWire = (value: object): unknown => Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromWire(member)]))

const isTagged = (value: object): value is Tagged => Object.hasOwn(value, '$')

function untag({ $: tag, v: value }: Tagged): unknown {
  if (tag === 'undefined') return undefined
  if (tag === 'object' && typeof value === 'object' && value !== null) return membersFromWire(value)
  if (typeof value === 'string') {
    // Longer ones than any model has would only keep the host busy.
    if (tag === 'bigint' && /^-?\d{1,1000}$/.test(value)) return BigInt(value)
    if (tag === 'number') return Number(value)
    if (tag === 'bytes') return fromBase64(value)
  }
  throw new SyntaxError(`unknown tag ${JSON.stringify(tag)}`)
}
