// Finds the method that a person named: `Service/Method`, or `Method` alone where only one service has it. Kitex's own `Service.Method` and
// gRPC's `/package.Service/Method` are understood too, and a service of a package by its bare name.

import type { ErrorData, Text, TextParams } from '../../../shared/base/error.ts'
import { err, ok, type Result } from '../../../shared/base/result.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import { nearest } from '../../../shared/logic/nearest.ts'

export interface FoundMethod {
  readonly service: ServiceDescriptor
  readonly method: MethodDescriptor
}

/** True when the set cannot be used for calls. */
export const hasErrors = (idl: IdlSet): boolean => idl.diagnostics.some((one) => one.severity === 'error')

/** The method of that name; otherwise an error with the nearest name, or with all that could be meant. */
export function findMethod(idl: IdlSet, name: string): Result<FoundMethod> {
  const split = splitName(idl, name.startsWith('/') ? name.slice(1) : name)
  const found = idl.services.flatMap((service) => {
    if (split.service !== undefined && !isNamed(service, split.service, idl)) return []
    const method = service.methods.find((one) => one.name === split.method)
    return method === undefined ? [] : [{ service, method }]
  })
  const [first, second] = found
  if (first === undefined) return err(unknownMethod(idl, name, split))
  if (second === undefined || isSameInherited(found)) return ok(first)
  const names = found.map(({ service, method }) => `${service.name}/${method.name}`)
  // Two files may each have a service of that name: then only the file tells them apart.
  const choices = new Set(names).size === names.length ? names : found.map(({ service }, index) => `${names[index]} (${service.file})`)
  return err(problem('error.methodAmbiguous', { name, choices }, { key: 'idl.hint.nameService' }))
}

// The service may be left out, and its name may hold a slash in no language we know.
function splitName(idl: IdlSet, name: string): { readonly service: string | undefined; readonly method: string } {
  const slash = name.lastIndexOf('/')
  if (slash >= 0) return { service: name.slice(0, slash), method: name.slice(slash + 1) }
  const dot = name.lastIndexOf('.')
  if (dot > 0 && idl.services.some((service) => isNamed(service, name.slice(0, dot), idl))) return { service: name.slice(0, dot), method: name.slice(dot + 1) }
  return { service: undefined, method: name }
}

// The whole name, or its last part where no service is named just so.
function isNamed(service: ServiceDescriptor, name: string, idl: IdlSet): boolean {
  if (service.name === name) return true
  return service.language === 'proto' && !name.includes('.') && service.name.endsWith(`.${name}`) && !idl.services.some((one) => one.name === name)
}

// A base service and one that inherits from it have the same method: the base's own is meant by the bare name only if nothing else is.
function isSameInherited(found: readonly FoundMethod[]): boolean {
  return found.every(({ service }) => service === found[0]?.service)
}

function unknownMethod(idl: IdlSet, name: string, split: { readonly service: string | undefined; readonly method: string }): ErrorData {
  const services = idl.services.map((service) => service.name)
  if (services.length === 0) return problem('error.noServices', {})
  const { service: wanted } = split
  const inScope = idl.services.filter((service) => wanted === undefined || isNamed(service, wanted, idl))
  if (wanted !== undefined && inScope.length === 0) return problem('error.serviceUnknown', { name: wanted, known: listOf(services) }, didYouMean(nearestService(wanted, services)))
  const full = inScope.flatMap((service) => service.methods.map((method) => `${service.name}/${method.name}`))
  const near = nearest(split.method, inScope.flatMap((service) => service.methods.map((method) => method.name)))
  const hint = near === undefined ? undefined : full.find((one) => one.endsWith(`/${near}`))
  return problem('error.methodUnknown', { name, known: listOf(full) }, didYouMean(hint))
}

// People leave packages out, so the last part of a name counts as much as the whole.
function nearestService(name: string, services: readonly string[]): string | undefined {
  const whole = nearest(name, services)
  if (whole !== undefined || name.includes('.')) return whole
  const short = nearest(name, services.map((one) => one.slice(one.lastIndexOf('.') + 1)))
  return short === undefined ? undefined : services.find((one) => one.endsWith(`.${short}`))
}

const didYouMean = (name: string | undefined): Text | undefined => (name === undefined ? undefined : { key: 'idl.hint.didYouMean', params: { name } })
const listOf = (names: readonly string[]): readonly string[] => (names.length <= 20 ? names : [...names.slice(0, 20), '…'])

function problem(key: string, params: TextParams, hint?: Text): ErrorData {
  return { code: 'idl', layer: 'idl', text: { key, params }, ...(hint === undefined ? {} : { hint }) }
}
