// Attributes as both encodings of OTLP share them: a record that keeps order, where a key named like a part of every object's
// prototype is a key as any other.

import type { AttributeValue } from '../../../../shared/model/trace.ts'

/** How deep lists and maps may nest in one value before the request is refused. */
export const maxValueDepth = 64

export type MutableAttributes = Record<string, AttributeValue>

/** Sets a key; the later one of two wins, as OTLP leaves undefined. */
export function setAttribute(into: MutableAttributes, key: string, value: AttributeValue): void {
  if (key === '__proto__') Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })
  else into[key] = value
}

/** Scope of the console's own spans: call, attempts, middlewares. */
export const ownScope = 'kite.console.chain'

/** What OTel SDKs use where no name was set. */
export const unknownService = 'unknown_service'

export function serviceOf(resource: MutableAttributes): string {
  const name = resource['service.name']
  return typeof name === 'string' && name !== '' ? name : unknownService
}
