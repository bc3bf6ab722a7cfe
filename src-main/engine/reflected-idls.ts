// IDLs that servers have of themselves, where an IDL's path says so (`grpc-reflection://HOST:PORT`). Kept for a while, and the very same set while
// kept, since methods are compiled per set.

import type { Diagnostic, IdlSet } from '../../shared/model/idl.ts'
import type { Pair } from '../../shared/model/metainfo.ts'
import { type ErrorData, fail, KiteError } from '../../shared/base/error.ts'
import { ForAWhile } from './for-a-while.ts'
import { foreignTls, type NamedFiles } from './named-files.ts'
import type { Pools } from './pools.ts'
import { overHttp2 } from './transport/place.ts'
import type { Secure } from './transport/transport.ts'

/** How a server is reached that is asked for its IDL. */
export interface ReflectVia {
  /** Where `reflect:` alone leads: the server that is called. */
  readonly address?: string
  readonly secure?: Secure
  readonly headers?: readonly Pair[]
  /** Whoever gave these named every server too, so that all of them get them. */
  readonly isForAll?: boolean
  /** Which files the paths themselves may name. */
  readonly files?: NamedFiles
}

const keptMs = 60_000

export class ReflectedIdls {
  readonly #pools: Pools
  readonly #kept = new ForAWhile<IdlSet>(keptMs)
  readonly #merged = new Map<string, { readonly parts: readonly IdlSet[]; readonly set: IdlSet }>()

  constructor(pools: Pools) {
    this.#pools = pools
  }

  /** Servers are asked again, whatever is kept. */
  forget(): void {
    this.#kept.clear()
  }

  /** The sets of these paths and `rest`, as one. Throws KiteError that says which step of asking failed; `isTolerant`: that is then a diagnostic, and the rest is there. */
  async load(paths: readonly string[], rest: IdlSet | undefined, via: ReflectVia, signal: AbortSignal, isTolerant = false): Promise<IdlSet> {
    const one = async (path: string): Promise<IdlSet> => {
      try {
        return await this.#one(path, via, signal)
      } catch (caught) {
        if (!isTolerant || signal.aborted) throw caught
        return unanswered(path, KiteError.from(caught, 'idl').data)
      }
    }
    const parts = [...rest === undefined ? [] : [rest], ...await Promise.all(paths.map(one))]
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return only
    const key = JSON.stringify(paths)
    const known = this.#merged.get(key)
    if (known !== undefined && known.parts.length === parts.length && known.parts.every((part, at) => part === parts[at])) return known.set
    const set = merge(parts)
    this.#merged.set(key, { parts, set })
    return set
  }

  async #one(path: string, via: ReflectVia, signal: AbortSignal): Promise<IdlSet> {
    const { reflectionPath } = await import('./reflection/source.ts')
    const named = reflectionPath(path)
    const address = named?.address ?? via.address
    if (address === undefined) throw fail('usage', 'usage', 'call.reflectNowhere', { source: path })
    const isMeant = via.isForAll === true || via.address === address
    const given = isMeant ? via : withoutCredentials(via)
    // What is said with a call or on a command line goes before what stands in a file.
    const own = named?.tls === undefined || (isMeant && via.secure !== undefined) ? undefined : overHttp2(await foreignTls(named.tls, via.files ?? {}))
    return this.#ask(address, own ?? given.secure, given.headers, signal)
  }

  #ask(address: string, secure: Secure | undefined, headers: readonly Pair[] | undefined, signal: AbortSignal): Promise<IdlSet> {
    const key = `${address}/${secure?.id ?? ''}/${JSON.stringify(headers ?? [])}`
    return this.#kept.get(key, signal, async (ended) => {
      const [{ reflectIdl }, pool] = await Promise.all([import('./reflection/source.ts'), this.#pools.get('grpc', 'mux')])
      return reflectIdl(pool, { address, ...(secure === undefined ? {} : { secure }), ...(headers === undefined ? {} : { headers }) }, ended)
    })
  }
}

/** Another server than the one that is called: the same trust, and nothing that says who asks. An IDL's path comes from a file, which may be anybody's. */
function withoutCredentials({ secure }: ReflectVia): ReflectVia {
  if (secure === undefined) return {}
  const { cert: _certificate, key: _key, servername: _name, ...options } = secure.options
  return { secure: { ...secure, id: `${secure.id}\0elsewhere`, options } }
}

/** A server that does not tell its IDL, as a set that says why. */
function unanswered(path: string, { text, hint }: ErrorData): IdlSet {
  const diagnostic: Diagnostic = { severity: 'error', code: 'no-reflection', text, ...(hint === undefined ? {} : { suggestion: hint }), at: { file: path, line: 1, column: 1 } }
  return { files: [], services: [], structs: {}, enums: {}, diagnostics: [diagnostic] }
}

const merge = (sets: readonly IdlSet[]): IdlSet => ({
  files: sets.flatMap(({ files }) => files),
  services: distinct(sets.flatMap(({ services }) => services)),
  structs: Object.fromEntries(sets.flatMap(({ structs }) => Object.entries(structs))),
  enums: Object.fromEntries(sets.flatMap(({ enums }) => Object.entries(enums))),
  diagnostics: sets.flatMap(({ diagnostics }) => diagnostics),
})

/** What a file describes already, or another server, is that: a service that two describe would be called by no name. */
function distinct(services: IdlSet['services']): IdlSet['services'] {
  const names = new Set<string>()
  return services.filter(({ name }) => !names.has(name) && names.add(name).has(name))
}
