// `etcd://[user:password@]host:port[,host:port…][/prefix]`. Kitex's etcd registry writes keys without a leading slash under
// `kitex/registry-etcd` (kitex-contrib/registry-etcd); `?prefix=` gives any other prefix exactly, also an empty one.

import { fail, type KiteError } from '../../../../shared/base/error.ts'

export interface EtcdAddress {
  readonly hosts: readonly string[]
  readonly prefix: string
  readonly auth?: { readonly username: string; readonly password: string }
  /** The URL without its password. */
  readonly origin: string
}

export const kitexPrefix = 'kitex/registry-etcd'

const form = /^etcd:\/\/(?:([^:@/]+):([^@/]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?prefix=(.*))?$/

export function parseEtcdUrl(url: string): EtcdAddress {
  const [, username, password, hostList, path, exact] = form.exec(url) ?? []
  const hosts = (hostList ?? '').split(',').filter((host) => host !== '')
  const refused = (): KiteError => fail('usage', 'discovery', 'discovery.badUrl', { url: password === undefined ? url : url.replace(`:${password}@`, ':***@') }, { hint: { key: 'discovery.urlForms' } })
  if (hosts.length === 0) throw refused()
  const decoded = (text: string): string => {
    try {
      return decodeURIComponent(text)
    } catch {
      throw refused()
    }
  }
  const prefix = exact === undefined ? trimSlashes(path ?? '') || kitexPrefix : decoded(exact)
  const origin = `etcd://${hosts.join(',')}${prefix === kitexPrefix ? '' : `/${trimSlashes(prefix)}`}`
  const auth = username === undefined ? {} : { auth: { username: decoded(username), password: decoded(password ?? '') } }
  return { hosts: hosts.map((host) => `http://${host.includes(':') ? host : `${host}:2379`}`), prefix, origin, ...auth }
}

const trimSlashes = (text: string): string => text.replace(/^\/+|\/+$/g, '')

/** `<prefix>/<service>/<host:port>`; undefined for a key of another form. */
export function splitKey(key: string, prefix: string): { service: string; address: string } | undefined {
  const rest = prefix === '' ? key.replace(/^\//, '') : key.slice(prefix.length + 1)
  const cut = rest.lastIndexOf('/')
  return cut <= 0 || cut === rest.length - 1 ? undefined : { service: rest.slice(0, cut), address: rest.slice(cut + 1) }
}

export const keyOf = (prefix: string, service: string, address: string): string => `${prefix}/${service}/${address}`
