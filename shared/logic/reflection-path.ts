// What stands among the paths of IDLs for a server that tells its own: `grpc-reflection://HOST:PORT`, and behind a `?` how its TLS is trusted.
// A client certificate never stands there: workspaces come from elsewhere and their IDLs are loaded unasked.

import type { TlsRequest } from '../model/call.ts'

const scheme = 'grpc-reflection:'
const shortScheme = 'reflect:'

/** Trust, without anything that says who asks. */
export type TlsTrust = Pick<TlsRequest, 'caFile' | 'serverName' | 'insecure'>

export interface ReflectionPath {
  /** Absent where it means the server that is called (`reflect:`). Not yet known to be an address. */
  readonly address?: string
  /** Absent for plaintext. */
  readonly tls?: TlsTrust
  /** Words behind the `?` that mean nothing. */
  readonly unknown: readonly string[]
}

/** Paths that are no files. */
export const isReflection = (path: string): boolean => path.startsWith(scheme) || path.startsWith(shortScheme)

/** Reads `grpc-reflection://HOST:PORT[?tls&cacert=FILE&servername=NAME&insecure]`, `reflect:HOST:PORT` and `reflect:`; undefined for what is a file. */
export function readReflectionPath(path: string): ReflectionPath | undefined {
  if (!isReflection(path)) return undefined
  const [place = '', ...rest] = path.slice(path.indexOf(':') + 1).replace(/^\/\//, '').split('?')
  const address = place.replace(/\/$/, '')
  const said = saidIn(rest.join('?'))
  const [caFile, serverName] = [said.get('cacert'), said.get('servername')]
  const tls = { ...(caFile === undefined ? {} : { caFile }), ...(serverName === undefined ? {} : { serverName }), insecure: said.has('insecure') }
  return {
    ...(address === '' ? {} : { address }),
    ...(words.some((word) => said.has(word)) ? { tls } : {}),
    unknown: [...said.keys()].filter((word) => !words.includes(word)),
  }
}

const words = ['tls', 'cacert', 'servername', 'insecure']

/** `a&b=c` by name; what is badly escaped is taken as it stands. */
function saidIn(query: string): ReadonlyMap<string, string> {
  const parts = query.split('&').filter((part) => part !== '')
  return new Map(parts.map((part) => {
    const [name = '', ...value] = part.split('=')
    return [name, unescaped(value.join('='))]
  }))
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The path of a server, or of the one that is called; what of its TLS is no trust is left out. */
export function reflectionPathOf(address: string | undefined, tls?: TlsTrust): string {
  const said = [
    ...(tls === undefined ? [] : ['tls']),
    ...(tls?.caFile === undefined ? [] : [`cacert=${encodeURIComponent(tls.caFile)}`]),
    ...(tls?.serverName === undefined ? [] : [`servername=${encodeURIComponent(tls.serverName)}`]),
    ...(tls?.insecure === true ? ['insecure'] : []),
  ]
  return `${address === undefined ? shortScheme : `${scheme}//${address}`}${said.length === 0 ? '' : `?${said.join('&')}`}`
}
