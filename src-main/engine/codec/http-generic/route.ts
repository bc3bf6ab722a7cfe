// The route of a method: its verb and path template from `api.get = '/users/:id'` and its kind (kitex.md 4.4). Of several routes the first counts.

import { fail } from '../../../../shared/base/error.ts'
import type { Annotations, MethodDescriptor } from '../../../../shared/model/idl.ts'
import { encodeText } from './form.ts'

const verbs: Readonly<Record<string, string>> = {
  'api.get': 'GET', 'api.post': 'POST', 'api.put': 'PUT', 'api.delete': 'DELETE', 'api.patch': 'PATCH', 'api.head': 'HEAD', 'api.options': 'OPTIONS', 'api.any': 'POST',
}

export interface Route {
  readonly verb: string
  /** As annotated: `:name` is a segment, `*name` the rest of the path. */
  readonly template: string
  readonly params: readonly PathParam[]
}

export interface PathParam {
  readonly name: string
  readonly isRest: boolean
}

/** Throws KiteError of code `usage` where a method has no route. */
export function routeOf(service: string, { name, annotations }: MethodDescriptor): Route {
  for (const [key, values] of Object.entries(annotations)) {
    const verb = verbs[annotationName(key)]
    const template = values[0]
    if (verb === undefined || template === undefined) continue
    return { verb, template: template.startsWith('/') ? template : `/${template}`, params: [...template.matchAll(paramPattern)].map(([, sign, param = '']) => ({ name: param, isRest: sign === '*' })) }
  }
  throw fail('usage', 'codec', 'http.noRoute', { method: `${service}/${name}` }, { hint: { key: 'http.noRouteHint' } })
}

const paramPattern = /([:*])([A-Za-z_][\w-]*)/g

/** Puts values into the template; `valueOf` throws where one is missing. */
export const fillPath = ({ template }: Route, valueOf: (param: PathParam) => string): string => (
  template.replaceAll(paramPattern, (_, sign: string, name: string) => {
    const isRest = sign === '*'
    const value = valueOf({ name, isRest })
    return isRest ? value.split('/').map(encodeText).join('/') : encodeText(value)
  }))

/** Values of a path by the template's parameters, or undefined when it is no path of this route. */
export function matchPath({ template, params }: Route, path: string): Readonly<Record<string, string>> | undefined {
  const literals = template.split(paramPattern).filter((_, index) => index % 3 === 0)
  const pattern = literals.map((literal, index) => `${literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}${params[index] === undefined ? '' : params[index].isRest ? '(.*)' : '([^/]+)'}`).join('')
  const match = new RegExp(`^${pattern}$`).exec(path)
  if (match === null) return undefined
  try {
    return Object.fromEntries(params.map(({ name }, index) => [name, decodeURIComponent(match[index + 1] ?? '')]))
  } catch {
    return undefined
  }
}

/** Options of Protobuf may be written with brackets: `(api.get)`. */
const annotationName = (key: string): string => key.replace(/^\((.*)\)$/, '$1')

/** The last value of an annotation, whichever way it is written. */
export function annotation(annotations: Annotations, name: string): string | undefined {
  return (annotations[name] ?? annotations[`(${name})`])?.at(-1)
}
