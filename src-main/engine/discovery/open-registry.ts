// From a registry's URL to a registry. Each kind is loaded when it is asked for: etcd's client is large, and `kite call` must start fast.

import { fail } from '../../../shared/base/error.ts'
import type { Registry } from './registry.ts'

const openers: Readonly<Record<string, (url: string, baseDir: string) => Promise<Registry>>> = {
  file: async (url, baseDir) => new (await import('./file/file-registry.ts')).FileRegistry(url.replace(/^file:(\/\/)?/, ''), baseDir),
  etcd: async (url) => new (await import('./etcd/etcd-registry.ts')).EtcdRegistry(url),
}

/** Opens by URL (cli.md). Throws KiteError `usage` for a scheme that is not known. */
export async function openRegistry(url: string, baseDir: string): Promise<Registry> {
  const scheme = /^([a-z0-9]+):/.exec(url)?.[1] ?? ''
  const open = openers[scheme]
  if (open === undefined) throw fail('usage', 'discovery', 'discovery.unknownScheme', { url, known: Object.keys(openers) }, { hint: { key: 'discovery.urlForms' } })
  return open(url, baseDir)
}
