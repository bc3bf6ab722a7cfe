// Errors about a JSON body: line, column and path come from the node that is wrong.

import { fail, type KiteError, type ErrorData, type Text, type TextParams } from '../../../../shared/base/error.ts'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { joinPath, memberStep, pathAt } from '../../../../shared/logic/json/path.ts'
import { positionAt } from '../../../../shared/logic/json/position.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'

/** A value that the type at its place cannot take. */
export class BodyFault {
  readonly node: { readonly start: number }
  readonly key: string
  readonly params: TextParams
  /** Field that is missing below the node. */
  readonly field: string | undefined
  readonly hint: Text | undefined

  constructor(node: { readonly start: number }, key: string, params: TextParams = {}, more: { field?: string; hint?: Text } = {}) {
    this.node = node
    this.key = key
    this.params = params
    this.field = more.field
    this.hint = more.hint
  }
}

/** What stands where something else was expected; `written` is the type in the IDL. */
export function wrongType(wanted: string, written: string, node: JsonNode): never {
  throw new BodyFault(node, `codec.body.expected.${wanted}`, { type: written, found: node.kind })
}

/** A name that its owner does not have, with the nearest that it has. */
export function unknownName(node: { readonly start: number }, key: string, name: string, owner: string, known: Iterable<string>): BodyFault {
  const near = nearest(name, known)
  return new BodyFault(node, key, { name: name.slice(0, 80), owner }, near === undefined ? {} : { hint: { key: 'codec.body.nearest', params: { name: near } } })
}

/** Words a fault as an error with its place in the text. */
export function bodyError(fault: BodyFault, text: string, root: JsonNode): KiteError {
  const { key, params, hint } = fault
  return fail('body', 'codec', key, params, { at: bodyPlace(fault, text, root), ...(hint === undefined ? {} : { hint }) })
}

/** The same as a warning. */
export function bodyWarning(fault: BodyFault, text: string, root: JsonNode): ErrorData {
  const { key, params } = fault
  return { code: 'body', layer: 'codec', text: { key, params }, at: bodyPlace(fault, text, root) }
}

function bodyPlace({ node, field }: BodyFault, text: string, root: JsonNode): NonNullable<ErrorData['at']> {
  const base = pathAt(root, node.start)
  const path = field === undefined ? base : joinPath(base, base === '' ? memberStep(field).replace(/^\./, '') : memberStep(field))
  return { ...positionAt(text, node.start), ...(path === '' ? {} : { path }) }
}
