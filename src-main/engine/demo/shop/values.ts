// JSON bodies as values that a handler can work with: integers as bigint, so that an id of 64 bits stays what it is.

import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'

export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [name: string]: Value }
export type Fields = { readonly [name: string]: Value }

/** An object's members; an empty object for any other value. The text comes from our own codec and is always JSON. */
export function fieldsOf(json: string): Fields {
  const value = valueOf(json)
  return isFields(value) ? value : {}
}

export function valueOf(json: string): Value {
  const { root } = readJson(json)
  return root === undefined ? null : convert(root)
}

export const isFields = (value: Value | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
export const integer = (value: Value | undefined): bigint => (typeof value === 'bigint' ? value : 0n)
export const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')
export const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : [])

function convert(node: JsonNode): Value {
  switch (node.kind) {
    case 'null': return null
    case 'boolean': return node.value
    case 'string': return node.value
    case 'number': return /^-?\d+$/.test(node.raw) ? BigInt(node.raw) : Number(node.raw)
    case 'array': return node.items.map(convert)
    case 'object': return Object.fromEntries(node.members.map(({ key, value }) => [key, convert(value)]))
  }
}
