// Where decoded values are doubtful: a second walk that carries the path, made only when writing the JSON raised its flag.

import type { ErrorData, TextParams } from '../../../../shared/base/error.ts'
import { joinPath, memberStep } from '../../../../shared/logic/json/path.ts'
import { hasEscapedBytes } from '../common/text.ts'
import { identity } from './from-json.ts'
import type { StructPlan, TypePlan } from './plan-model.ts'
import { asList, asMap, asStruct, asText, fieldOf, type ThriftMap, type ThriftStruct, type ThriftValue } from './value.ts'
import { wireName } from './wire.ts'

/** Beyond these nobody reads on, and a hostile message could make millions. */
const maxWarnings = 100

/** Every doubtful place of a struct value, by path. */
export function warningsOf(plan: StructPlan, value: ThriftStruct, path = ''): readonly ErrorData[] {
  const walk = new Walk()
  walk.struct(plan, value, path)
  return walk.found
}

class Walk {
  readonly found: ErrorData[] = []

  value(type: TypePlan, value: ThriftValue, path: string): void {
    if (this.found.length >= maxWarnings) return
    switch (type.kind) {
      case 'string':
        if (hasEscapedBytes(asText(value))) this.#add('codec.warning.notUtf8', path)
        break
      case 'list':
        this.#elements(type.element, asList(value), path)
        break
      case 'set':
        this.#elements(type.element, asList(value), path)
        this.#repeats(asList(value), 'codec.warning.setRepeats', path)
        break
      case 'map':
        this.#map(type, asMap(value), path)
        break
      case 'struct':
        this.struct(type.struct, asStruct(value), path)
        break
      default:
    }
  }

  struct(plan: StructPlan, value: ThriftStruct, path: string): void {
    let count = value.$unknown?.length ?? 0
    for (const field of plan.fields) {
      const member = fieldOf(value, field)
      if (member === undefined) {
        if (field.requiredness === 'required') this.#add('codec.warning.requiredMissing', path, { name: field.name, owner: plan.name })
      } else {
        count++
        this.value(field.type, member, path + memberStep(field.name))
      }
    }
    for (const { id, type } of value.$unknown ?? []) this.#unknown(plan, id, type, path)
    if (plan.kind === 'union' && count !== 1) this.#add('codec.warning.unionCount', path, { name: plan.name, count })
  }

  #unknown(plan: StructPlan, id: number, type: number, path: string): void {
    const known = plan.fields.find((field) => field.id === id)
    if (known === undefined) this.#add('codec.warning.unknownField', path, { id, type: wireName(type), owner: plan.name })
    else this.#add('codec.warning.otherType', path + memberStep(known.name), { expected: known.type.written, found: wireName(type) })
  }

  #elements(element: TypePlan, values: readonly ThriftValue[], path: string): void {
    for (const [i, value] of values.entries()) {
      if (this.found.length >= maxWarnings) return
      this.value(element, value, `${path}[${i}]`)
    }
  }

  #map(type: TypePlan & { kind: 'map' }, { keys, values }: ThriftMap, path: string): void {
    this.#repeats(keys, 'codec.warning.mapRepeats', path)
    for (const [i, key] of keys.entries()) {
      if (this.found.length >= maxWarnings) return
      const step = typeof key === 'string' ? memberStep(key) : `[${typeof key === 'object' ? i : String(key)}]`
      this.value(type.key, key, path + step)
      const value = values[i]
      if (value !== undefined) this.value(type.value, value, path + step)
    }
  }

  #repeats(values: readonly ThriftValue[], key: string, path: string): void {
    const seen = new Set<string>()
    for (const value of values) seen.add(identity(value))
    if (seen.size !== values.length) this.#add(key, path, { count: values.length - seen.size })
  }

  #add(key: string, path: string, params: TextParams = {}): void {
    if (this.found.length >= maxWarnings) return
    const place = joinPath(path)
    this.found.push({ code: 'protocol', layer: 'codec', text: { key, params }, ...(place === '' ? {} : { at: { path: place } }) })
  }
}
