// What an endpoint and the flags about its connection say: `HOST:PORT`, or a URL whose scheme means TLS or a protocol and whose path goes before the
// method's.

import type { CallRequestInput } from '../../../shared/model/call.ts'
import { tlsOf } from '../tls-flags.ts'
import { usage } from '../usage.ts'
import type { CallFlags } from './flags.ts'

export interface Place {
  /** `HOST:PORT`. */
  readonly address: string
  readonly secure: boolean
  readonly path: string
  /** Empty where there is none. */
  readonly scheme: string
}

/** Schemes and whether they mean TLS, with the port that goes without saying. */
const schemes: Readonly<Record<string, { readonly secure: boolean; readonly port: number }>> = {
  http: { secure: false, port: 80 }, https: { secure: true, port: 443 }, ws: { secure: false, port: 80 }, wss: { secure: true, port: 443 },
  grpc: { secure: false, port: 80 }, grpcs: { secure: true, port: 443 },
}

/** Reads one `--endpoint`. */
export function placeOf(text: string): Place {
  const match = /^([a-z]+):\/\/([^/?#]+)([^#]*)$/i.exec(text)
  const scheme = match?.[1]?.toLowerCase()
  if (match === null || scheme === undefined || scheme === 'unix') return { address: text, secure: false, path: '', scheme: '' }
  const known = schemes[scheme]
  if (known === undefined) throw usage('call.cli.schemeUnknown', { scheme, endpoint: text, choices: Object.keys(schemes) })
  const host = match[2] ?? ''
  const address = /:\d+$/.test(host) ? host : `${host}:${known.port}`
  const path = match[3] ?? ''
  return { address, secure: known.secure, path: path === '/' ? '' : path, scheme }
}

/** TLS and HTTP members of a request; absent where nothing asks for them. */
export function carriedBy(flags: CallFlags): Pick<CallRequestInput, 'tls' | 'http'> {
  const places = flags.endpoint.map(placeOf)
  const tls = tlsOf(flags, places.some(({ secure }) => secure))
  const path = flags.path ?? places.find((place) => place.path !== '')?.path
  const { httpVersion, httpBody, redirects, dialect } = flags
  const http = {
    ...(path === undefined ? {} : { path }),
    ...(httpVersion === undefined ? {} : { version: httpVersion }),
    ...(httpBody === undefined ? {} : { body: httpBody }),
    ...(redirects === undefined ? {} : { redirects }),
    ...(dialect === undefined ? {} : { dialect }),
  }
  return { ...(tls === undefined ? {} : { tls }), ...(Object.keys(http).length === 0 ? {} : { http }) }
}

/** `GET https://host/path` names its endpoint itself: verb and path, and the endpoint before them. */
export function placeInMethod(method: string): { readonly method: string; readonly endpoint: string } | undefined {
  const match = /^([A-Z]+) (https?:\/\/[^/?#]+)([/?]?.*)$/i.exec(method)
  const [, verb, endpoint, rest = ''] = match ?? []
  return verb === undefined || endpoint === undefined ? undefined : { method: `${verb} ${rest.startsWith('/') ? '' : '/'}${rest}`, endpoint }
}
