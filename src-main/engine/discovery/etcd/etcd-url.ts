// `etcd://[user:password@]host:port[,host:port…][/prefix]`. Kitex's etcd registry writes keys without a leading slash under
// `kitex/registry-etcd` (kitex-contrib/registry-etcd); `?prefix=` gives any other prefix exactly, also an empty one.

import { fail } from '../../../../shared/base/error.ts'

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
  if (hosts.length === 0) throw fail('usage', 'discovery', 'discovery.badUrl', { url }, { hint: { key: 'discovery.urlForms' } })
  const prefix = exact === undefined ? trimSlashes(path ?? '') || kitexPrefix : decodeURIComponent(exact)
  const origin = `etcd://${hosts.join(',')}${prefix === kitexPrefix ? '' : `/${trimSlashes(prefix)}`}`
  const auth = username === undefined ? {} : { auth: { username: decodeURIComponent(username), password: decodeURIComponent(password ?? '') } }
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
